"""What the calibration page says round its tables."""

HEAD = """# Calibration

`make calibrate` holds the models against companies whose truth is known, against worlds that no model describes,
against small samples and against real data. What a model lost to a naive rule is part of the result. The figures
below come from the run whose numbers lie in `docs/calibration.json.gz`; brackets are 95 % intervals: binomial ones
(Clopper & Pearson) of shares, ± of means. A run for a release has 2,000 companies a model; where a table says fewer,
its intervals are so much wider."""

RECOVERY = """## Truth recovered

Each company has 2,000 customers who arrive over 36 weeks of the 52 observed, with r = 0.6, α = 8 and s = 0.7, β =
14 (Pareto/NBD) or a = 0.9, b = 2.2. The model that made the company is fitted; intervals are those of the inverse
observed information. Where a bracket stays below 90 %, the likelihood is not yet quadratic at 2,000 customers: these
parameters' intervals are somewhat too narrow."""

CUSTOMERS = """### Customers and totals

Half a year is held out. Each customer's randomised PIT should be uniform. With the true parameters Kolmogorov's test at
5 % rejects in 6 % of 200 companies (MBG/NBD 3.5 % – 10.9 %, BG/NBD 3.1 % – 10.2 %), as it should; with fitted ones a
little more often, because a customer's distribution takes the estimates as known. The distance says how little that is.
Counts are whole, so 90 % intervals cover more than 90 %: coverage is read together with width and PIT. The interval of
the total adds the parameters' uncertainty to chance."""

VALUES = """### Values

Expected purchases times expected spend (Gamma-Gamma), held against what was to be expected of each customer given
the true rate, dropout and mean spend. The slope of truth on forecast should be 1: a customer forecast at twice the
value is worth twice as much; a handful of very valuable customers decide it."""

SIMPLE = """## Contracts, set opportunities, nobody leaving

The same for the models that read no times of purchases, 2,000 customers a company, each in a world of its own: NBD (r =
0.6, α = 8; 16 to 52 weeks known, 26 ahead), BG/BB (α = 1.2, β = 0.75, γ = 0.66, δ = 2.8; three to eight opportunities
known, four ahead), sBG (α = 0.7, β = 3.8) and BdW (α = 0.5, β = 1.7, c = 1.3; one to seven renewals known, four
ahead). Parameters are drawn from the law of their estimates, and with each draw every customer's future: chance and
parameters together give the intervals of customers and totals. The Winkler score is in units of what came. A total's
error is held against what came, not against its expectation. Who is known to have left is not scored.

With the true parameters the PIT test rejects in 5 of 120 companies of sBG and BdW. With fitted ones it rejects more
often: the customers of a company share the error of its estimates, and contracts have few kinds of histories, so that
the error shows in many customers at once. The distance says how little that is."""

WORLDS = """## Worlds that no model describes

The product's own procedure on companies of 1,500 customers and 130 weeks in whole days: three rolling origins 26
weeks apart, the model chosen on the first two as in every run. Totals are scored at all three
origins. The Winkler score is in units of what was bought (width of the interval plus twenty times the miss; lower
is better). The naive interval says: as many repeat purchases as in the 26 weeks before, give or take the noise of a
Poisson count. In a season of ±50 % every total misses: no model here knows the calendar, and the hold-out of a run says
so in its own data. The three origins of a company are not independent, so these brackets are rather too narrow. Most
of these companies were run before NBD competed as well, and before a rough fit of Pareto/NBD got a fresh start; the 17
that were run again, two or three of each world, ended in the same choice, error and intervals."""

CUSTOMER_WORLDS = """\
The same companies customer by customer, at the last origin. "Lost" is the share of companies in which at least one
naive rule did better. Zero for everyone is hard to beat on MAE, because most customers buy nothing: that is why MAE
decides nothing here. Ranking hardly improves on counting."""

SMALL = """## Small samples

{n} random parts of the CDNOW 1/10 sample, 50 to 1,000 customers each, 39 weeks. Every fit must end inside the
parameter space, at a boundary that is named in words, or with a stated lack of data; estimates, P(alive),
expectations and intervals must be finite. Peers raise errors on 24 % of parts of 100 customers."""

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
