"""What is written: placeholders from a list, filled in once; text and HTML that nobody's name can break."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from regulars.web.mail.composing import html_of, message, write
from regulars.web.mail.models import Letter, MailSetting
from regulars.web.mail.placeholders import PLACEHOLDERS, fill, named, refuse_unknown
from regulars.web.mail.tokens import seal, unseal
from regulars.web.mail.writing import refuse

ANYTHING = st.text(max_size=40)
NAMES = st.sampled_from(sorted(PLACEHOLDERS))
PIECES = st.lists(st.one_of(NAMES.map(lambda name: (f"{{{{ {name} }}}}", name)), st.text("abc \n<&新", max_size=9)))
LINK = "https://regulars.example/unsubscribe/x/"


@given(PIECES, st.fixed_dictionaries(dict.fromkeys(PLACEHOLDERS, ANYTHING)))
def test_each_placeholder_becomes_its_value_and_values_are_never_looked_at_again(pieces, values):
    text = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
    filled = "".join(piece if isinstance(piece, str) else values[piece[1]] for piece in pieces)
    refuse_unknown(text)
    assert fill(text, values) == filled


@given(st.fixed_dictionaries(dict.fromkeys(PLACEHOLDERS, ANYTHING)))
def test_no_value_reaches_a_header_or_becomes_html(values):
    letter = Letter(
        subject_en="{{ name }} {{ offer }}", body_en="{{ salutation }}\n\n{{ owner }} <b>{{ company }}</b>",
    )  # fmt: skip
    written = write(letter, "en", {**values, "unsubscribe": LINK})
    sent = message(written, to="a@b.example", setting=MailSetting(sender="x@y.example", sender_name=values["name"]))
    raw = sent.message().as_bytes()
    head = raw.partition(b"\n\n")[0].decode("ascii")
    lines = [line for line in re.split(r"\r?\n", head) if line[:1] not in (" ", "\t")]
    kinds = [line.partition(":")[0].lower() for line in lines]
    assert sorted(set(kinds)) == sorted(kinds)
    assert set(kinds) == {"content-type", "mime-version", "subject", "from", "to", "date", "message-id"}
    assert set(re.findall(r"<(\w+)", written.html)) <= {"div", "p", "br", "a"}
    assert written.text.count(LINK) >= 1


def test_paragraphs_lines_and_links():
    assert html_of("One\ntwo <b>\n\n\nsee https://a.example/?x=1&y=2.", "en") == (
        '<div lang="en">\n<p>One<br>\ntwo &lt;b&gt;</p>\n'
        '<p>see <a href="https://a.example/?x=1&amp;y=2">https://a.example/?x=1&amp;y=2</a>.</p>\n</div>'
    )
    assert 'href="https://茶.example/新"' in html_of("见https://茶.example/新。", "zh")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("body_zh", "{{ phone }}", "“phone” is no placeholder here. Known are: {{ name }}"),
        ("body_zh", "{{ name", "“{{” stands alone"),
        ("body_zh", "{{ name.owner }}", "“name.owner” is no placeholder"),
        ("subject_zh", "{{ unsubscribe }}", "“unsubscribe” is no placeholder here"),
        ("subject_zh", "Tea\nBcc: x@y.example", "one line"),
        ("subject_zh", "x" * 151, "At most 150"),
        ("body_zh", "x" * 10_001, "At most 10,000"),
        ("subject_en", "Tea", "both a subject and a text"),
        ("subject_zh", "", "both a subject and a text"),
    ],
    ids=[
        "unknown",
        "open",
        "a path",
        "link in a subject",
        "header",
        "long subject",
        "long text",
        "no text",
        "no subject",
    ],
)
def test_what_could_not_be_sent_is_refused_and_named(field, text, said):
    texts = {"subject_zh": "茶", "body_zh": "茶", "subject_en": "", "body_en": "", field: text}
    with pytest.raises(ValidationError) as error:
        refuse(texts)
    assert said in " ".join(error.value.messages)


def test_a_letter_goes_in_the_language_that_is_written():
    both = Letter(subject_zh="a", body_zh="a", subject_en="b", body_en="b")
    assert [both.language(code) for code in ("zh-hans", "en", "fr")] == ["zh", "en", "en"]
    assert Letter(subject_en="b", body_en="b").language("zh-hans") == "en"


@given(st.integers(0, 2**63 - 1), st.integers(0, 31), st.sampled_from("abcXYZ019-_"))
def test_a_token_says_nothing_and_another_is_none_of_ours(number, at, sign):
    token = seal(number)
    assert unseal(token) == number
    assert seal(number) == token
    other = token[:at] + sign + token[at + 1 :]
    assert other == token or unseal(other) is None


@pytest.mark.parametrize("token", ["", "a" * 32, "é" * 32, "a" * 31, "=" * 32])
def test_what_is_no_token_is_none(token):
    assert unseal(token) is None


def test_every_placeholder_gets_a_value(db):
    from regulars.web.mail.values import values_for

    customer = SimpleNamespace(name="王芳", owner=None)
    values = values_for(customer, SimpleNamespace(offer="茶"), "zh", company="茶铺", link=LINK)
    assert set(values) == set(PLACEHOLDERS)
    assert (values["salutation"], values["owner"]) == ("尊敬的王芳", "茶铺")
    assert named("{{name}} {{ offer }}") == {"name", "offer"}
