"""What the calibration page says round its tables."""

HEAD = """# Calibration

`make calibrate` holds the models against companies whose truth is known, against worlds that no model describes,
against small samples and against real data. What a model lost to a naive rule is part of the result. The figures
below come from the run whose numbers lie in `docs/calibration.json.gz`; brackets are 95 % intervals: binomial ones
(Clopper & Pearson) of shares, ± of means. A run for a release has 2,000 companies a model; where a table says fewer,
its intervals are so much wider."""

RECOVERY = """## Truth recovered

Each company has 2,000 customers who arrive over 36 weeks of the 52 observed, with r = 0.6, α = 8 and s = 0.7, β = 14
(Pareto/NBD) or a = 0.9, b = 2.2; regular buyers pass k = 3 stages between purchases, their α being 8 / 3 a stage. The
model that made the company is fitted (k given; the worlds below measure it from the gaps); intervals are those of the
inverse observed information. Where a bracket stays below 90 %, the likelihood is not yet quadratic at 2,000
customers: these parameters' intervals are somewhat too narrow."""

CUSTOMERS = """### Customers and totals

Half a year is held out. Each customer's randomised PIT should be uniform. With the true parameters Kolmogorov's test
at 5 % rejects in 6 % of 200 companies (MBG/NBD 3.5 % – 10.9 %, BG/NBD 3.1 % – 10.2 %), as it should; with fitted ones
a little more often, because a customer's distribution takes the estimates as known. The distance says how little that
is. Counts are whole, so 90 % intervals cover more than 90 %: coverage is read together with width and PIT. The
interval of the total adds the parameters' uncertainty to chance, from 40 draws of the parameters where a run takes
100 and more. The Winkler score, width plus twenty times the miss, is in units of what came; in brackets the companies
that were scored so. Where a bracket stays below 90 %, the total's interval is somewhat too narrow at 2,000 customers
in one year."""

VALUES = """### Values

Expected purchases times expected spend (Gamma-Gamma), held against what was to be expected of each customer given the
true rate, dropout and mean spend. The slope of truth on forecast should be 1: a customer forecast at twice the value
is worth twice as much; a handful of very valuable customers decide it."""

SIMPLE = """## Contracts, set opportunities, nobody leaving, spend and profit

The same for the models that read no times of purchases, 2,000 customers a company, each in a world of its own: NBD (r
= 0.6, α = 8; 16 to 52 weeks known, 26 ahead), BG/BB (α = 1.2, β = 0.75, γ = 0.66, δ = 2.8; three to eight
opportunities known, four ahead), sBG (α = 0.7, β = 3.8) and BdW (α = 0.5, β = 1.7, c = 1.3; one to seven renewals
known, four ahead), Gamma-Gamma (p = 4, q = 3.4, v = 192) and normal-normal (μ = 4, τ = 3, σ = 6: more than a quarter
of profits are losses), about three occasions known on average and the sum of the next four forecast. Parameters are
drawn from the law of their estimates, and with each draw every customer's future: chance and parameters together give
the intervals of customers and totals. The Winkler score is in units of what came. A total's error is held against
what came, not against its expectation. Who is known to have left is not scored."""

WHY = """\
Why does the PIT test reject more often than in one company of twenty? It takes customers as independent, and those of
a company share the error of its estimates; contracts have few kinds of histories, so that it shows in many customers
at once. The same customers of the same companies, forecast with the true parameters, and with estimates from ten
times as many other customers, tell whether it is this: with ten times as many the share falls towards that with the
truth. The table has the share of companies rejected at 5 %. An interval for one customer is as good as its
parameters; the distance above says how little is lost."""

WORLDS = """## Worlds that no model describes

The product's own procedure on companies of 1,500 customers and 130 weeks in whole days: three rolling origins 26
weeks apart, the regularity of gaps measured at the first, the model chosen on the first two, the forecast made at the
third, which chose nothing. "More than one model possible" counts companies whose earlier origins could not tell the
chosen model from another."""

TOTALS = """\
Totals of the last origin: the interval that a run reports, whose doubt is that of chance, of parameters and between
the models that cannot be told apart; the same without the doubt between models; and a naive one, as many repeat
purchases as in the 26 weeks before, give or take the noise of a Poisson count. Width and Winkler score (width plus
twenty times the miss; lower is better) are in units of what was bought. In a season of ±50 % hardly a total can be
right: no model here knows the calendar, and the hold-out of a run says so in its own data. The doubt between models
costs a little width where any of them will do, and helps most where none does."""

CUSTOMER_WORLDS = """\
The same companies customer by customer, at the last origin. "Lost" is the share of companies in which at least one
naive rule did better. Zero for everyone is hard to beat on MAE, because most customers buy nothing: that is why MAE
decides nothing here. Ranking hardly improves on counting."""

REFIT = """## When to fit again

`regulars.prove.refit.refit_due` is held against simulated bases of 78 weeks (MBG/NBD, the parameters above) whose fit
is looked at in each of the 13 weeks that follow, with the PIT of a card a quarter before. Where nothing changes a
call is false; the last column counts bases with any in the whole quarter. Then the same bases after a change on the
day of the fit."""

REFIT_AFTER = """\
The PIT is not randomised here. It was, with fixed random numbers: those for 500 customers happened to lie 0.06 from
uniform all by themselves, and in 4 of 60 steady bases of that size a refit was called for within the quarter. What
small bases cannot show is not seen: three of ten fewer of 43 purchases in four weeks are within chance. **A loss:**
customers who buy in one another's place leave total and PIT nearly as they were, so it takes a new card, not this
check, to see that the model ranks them wrongly; the age limit of a quarter sees to that."""

SMALL = """## Small samples

Random parts of 50 to 1,000 customers (of the 635 resellers, all at most), for every model on data of its kind. Every
fit must end inside the parameter space, at a boundary that is named in words, or with a stated lack of data;
estimates, chances, expectations, intervals and draws of the parameters must be finite and in range, and no gradient
may be left. Peers raise errors on 24 % of parts of 100 customers. The table shows how many parts of each were run;
parts run before boundaries were kept in words are counted without them."""

SMALL_AFTER = """\
CDNOW is read at 39 weeks; cut into periods of 30 days since the first purchase it is an opportunity a month. Telco's
contracts are months of tenure, with many who left and many who have not: the BdW explains them by a chance of leaving
that falls with tenure and is the same for all, which is a boundary; nothing is wrong with it, but it says no more of
one customer than of another. Two faults were found by these parts and mended: BG/BB's chance of being active could
exceed 1 by rounding, and in parts of 50 contracts the BdW's search stopped short, because the slope in c was lost to
rounding where c is above 5."""

REAL = """## Real data

The hold-out that every run of `regulars value` makes: a quarter of the span, the model chosen before it. ⁺ marks
estimates at a boundary."""

REAL_AFTER = """\
Where the total misses, it misses because the interval contains chance and the parameters' uncertainty, not changes of
season, assortment or advertising. Online Retail's last quarter is its Christmas season, seen for the first time, and
in one year of data nobody is seen to leave. AdventureWorks' buyers a quarter rise from 1,000 to 3,500 early in 2013,
after almost nobody had bought twice: counting ranks and forecasts its customers better than any model. On the 1/10
sample of CDNOW at 39 weeks the total misses too (1,882 happened). These misses are published, not tuned away."""

FOOT = """## What this does not show

Simulated companies share the models' assumption that customers differ but do not influence each other. Spend that
drifts is simulated (`regulars.simulate`) but not scored here. The number of replications is small enough that a
coverage of 88 % and one of 91 % can look alike; the brackets say so."""
