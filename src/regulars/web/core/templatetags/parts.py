"""Parts that every page is made of, as tags: icon, card, field, empty state, pager. `/components/` shows them all."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.middleware.csrf import get_token
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from regulars.web.core.kept import BY
from regulars.web.core.paging import KeysetPage

register = template.Library()


@register.simple_tag
def icon(name: str, style: str = "") -> SafeString:
    """Return one icon of the sprite `core/icons.svg`."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', style, static("core/icons.svg"), name
    )


@register.simple_block_tag
def card(content: str, title: Any = "", *, note: Any = "", url: str = "", link: Any = "", **rest: Any) -> str:
    """Return a card: title, a short note beside it, a link at the right, then the body.

    `say` is the finding above the body, `foot` how it is reckoned, `flush` a body without margins, `key` its id.
    """
    context = {"content": content, "title": title, "note": note, "url": url, "link": link, **rest}
    return render_to_string("core/partials/card.html", context)


@register.simple_block_tag
def head(content: str, title: Any, *, sub: Any = "") -> str:
    """Return the page's head: title, one line of facts, the actions at the right (one of them primary)."""
    return render_to_string("core/partials/head.html", {"content": content, "title": title, "sub": sub})


@register.simple_tag
def empty(icon: str, title: Any, text: Any = "", *, url: str = "", label: Any = "") -> SafeString:
    """Return an empty state: what is missing and what to do next."""
    context = {"icon": icon, "title": title, "text": text, "url": url, "label": label}
    return render_to_string("core/partials/empty.html", context)


@register.simple_block_tag
def note(content: str, kind: str = "info") -> str:
    """Return a note: `ok`, `warn`, `bad` (read out at once) or `info`."""
    return render_to_string("core/partials/note.html", {"content": content, "kind": kind})


@register.simple_tag
def field(bound: BoundField, **attributes: Any) -> SafeString:
    """Return a form's row: label, control, hint, error; control and words are tied together for screen readers."""
    widget = bound.field.widget
    context: dict[str, Any] = {"field": bound}
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        widget.attrs["class"] = "form-check-input"
        context["options"] = [(option.tag(), option.choice_label) for option in bound.subwidgets]
    else:
        context["tick"] = isinstance(widget, CheckboxInput)
        style = "form-check-input" if context["tick"] else "inp"
        context["control"] = bound.as_widget(attrs={"class": style, **attributes})
    return render_to_string("core/partials/field.html", context)


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """Return a field's control and its error, for a table whose other cells say what it is."""
    attributes: dict[str, str | bool] = {"class": "inp"}
    if bound.errors:
        attributes["aria-describedby"] = f"{bound.auto_id}_error"
    return render_to_string(
        "core/partials/control.html", {"field": bound, "control": bound.as_widget(attrs=attributes)}
    )


@register.simple_tag
def fields(form: Any) -> SafeString:
    """Return all rows of a form, its general errors first."""
    return render_to_string("core/partials/fields.html", {"form": form})


@register.simple_tag(takes_context=True)
def form_token(context: Context) -> SafeString:
    """Return what each form of ours carries: the token against forged requests, and whose form it is."""
    request = context["request"]
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    if not request.user.is_authenticated:
        return token
    return token + format_html('<input type="hidden" name="{}" value="{}">', BY, request.user.pk)


@register.simple_tag(takes_context=True)
def pager(context: Context, rows: KeysetPage, total: int | None = None) -> SafeString:
    """Return "previous / next" and how many rows of how many are on this page."""
    query = context["request"].GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    kept = query.urlencode()
    links = {
        name: f"?{kept}{'&' if kept else ''}{name}={key}" if key else ""
        for name, key in (("after", rows.after), ("before", rows.before))
    }
    return render_to_string("core/partials/pager.html", {"rows": len(rows), "total": total, **links})


@register.simple_tag
def initials(name: str) -> str:
    """Return what stands for a person in a small circle: 周敏 → 周, Zhou Min → ZM."""
    words = name.split()
    if not words:
        return "·"
    first = words[0][0]
    return first if not first.isascii() or len(words) == 1 else (first + words[-1][0]).upper()


@register.filter
def attr(value: Any, name: str) -> Any:
    """Return an item of a mapping by a computed key."""
    return value.get(name) if hasattr(value, "get") else None


@register.filter
def listed(value: Any) -> Any:
    """Return a list as one line; anything else as it is."""
    return ", ".join(str(one) for one in value) if isinstance(value, list) else value
