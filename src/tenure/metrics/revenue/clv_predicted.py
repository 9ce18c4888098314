"""Predicted lifetime value: what a new customer will bring, by how those before it stayed, discounted.

Definition
    MRR per paying account when the period closes, times the gross margin, times the months that a new customer will pay,
    each discounted by the setting `discount_rate`: the shifted beta-geometric fitted to how many customers renewed and left
    each month after joining, as of the last month that is over. A customer is taken in the segment in which it began.
Formula
    ((closing_mrr / paying_accounts) * (1 - (goods / net_revenue) or else 0 * (goods + net_revenue) + 1)) * discounted_months
Edge cases
    Fewer than 50 customers came up for renewal, fewer than 10 left, or many values fit alike: unknown, and the row says why.
    That is the variant `contracts`, whatever was loaded. With no subscriptions but transactions it is the variant `purchases`: an
    average first purchase, and those that follow by BG/NBD, discounted, at what a customer spends by gamma-gamma. The variant
    `residual` is what a present customer is yet to bring.
    The interval is that of the model alone. Nobody pays: unknown.
Sources
    P. S. Fader and B. G. S. Hardie, "How to project customer retention", 2007, and "Customer-base valuation in a contractual
    setting", 2010; with K. L. Lee, "Counting your customers the easy way", 2005, and "RFM and CLV", 2005.
"""

from tenure.measure import closing, either, flow, predicted, setting
from tenure.metric import Better, Example, Metric, Unit, Variant

closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
paying_accounts = closing("customers", "sum(paying)", name="paying_accounts")
first_purchases = closing("purchases", "sum(amount)", where="nth = 1", name="first_purchases")
buyers = closing("purchases", "count(*)", where="nth = 1", name="buyers")
net_revenue = flow("payments", "sum(amount)", name="net_revenue")
goods = flow("spending", "sum(amount)", where="bucket = 'goods'", name="goods")
# Where money has no rate the margin must not be taken for 1: the last choice is then as unknown as the first.
margin = setting(
    "gross_margin", otherwise=either(1 - goods / net_revenue, 0 * (goods + net_revenue) + 1), name="margin"
)

# The regular customers of the paper of 2007, its years as months: of a thousand, so many are there after each renewal.
REGULAR = """
    subscription_id,account_id,starts_at,ends_at,unit_amount
    {1..369} s#,a#,2023-08-10,2023-09-10,10
    {370..532} s#,a#,2023-08-10,2023-10-10,10
    {533..618} s#,a#,2023-08-10,2023-11-10,10
    {619..674} s#,a#,2023-08-10,2023-12-10,10
    {675..711} s#,a#,2023-08-10,2024-01-10,10
    {712..738} s#,a#,2023-08-10,2024-02-10,10
    {739..759} s#,a#,2023-08-10,2024-03-10,10
    {760..1000} s#,a#,2023-08-10,,10
"""

# A hundred and sixty who bought again one to four times, and four hundred who did not.
BUYERS = """
    transaction_id,account_id,happened_at,kind,amount
    {1..400} t#,a#,2023-06-01T12:00:00Z,charge,10
    {401..700} t#,a#,2023-09-15T12:00:00Z,charge,12
    {301..312} u#,a#,2023-06-20T12:00:00Z,charge,4
    {313..330} u#,a#,2023-07-05T12:00:00Z,charge,9
    {331..345} u#,a#,2023-08-11T12:00:00Z,charge,18
    {346..352} u#,a#,2023-06-09T12:00:00Z,charge,45
    {353..370} u#,a#,2023-07-01T12:00:00Z,charge,12
    {371..385} u#,a#,2023-07-01T12:00:00Z,charge,8
    {386..400} u#,a#,2023-07-01T12:00:00Z,charge,33
    {371..385} v#,a#,2023-09-01T12:00:00Z,charge,6
    {386..400} v#,a#,2023-09-01T12:00:00Z,charge,36
    {381..385} w#,a#,2023-11-10T12:00:00Z,charge,5
    {386..400} w#,a#,2023-11-10T12:00:00Z,charge,40
    {391..400} x#,a#,2024-02-01T12:00:00Z,charge,50
    {641..660} y#,a#,2023-10-11T12:00:00Z,charge,6
    {661..680} y#,a#,2023-11-01T12:00:00Z,charge,14
    {681..700} y#,a#,2023-12-01T12:00:00Z,charge,31
    {691..700} z#,a#,2024-03-11T12:00:00Z,charge,8
"""

METRIC = Metric(
    title="Predicted lifetime value",
    measure=closing_mrr / paying_accounts * margin * predicted("contracts", name="discounted_months"),
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("predicted_clv", "predicted_ltv"),
    variants={
        "contracts": Variant(
            "Predicted lifetime value of a contract",
            closing_mrr / paying_accounts * margin * predicted("contracts", name="discounted_months"),
        ),
        "residual": Variant(
            "What a present customer is yet to bring",
            closing_mrr / paying_accounts * margin * predicted("residual", name="discounted_months_left"),
        ),
        "purchases": Variant(
            "Predicted lifetime value of a buyer",
            (
                first_purchases / buyers
                + predicted("purchases", name="later_purchases") * predicted("purchases", name="purchase_value")
            )
            * margin,
        ),
    },
    examples=(
        Example(
            "10 a month, and the regular customers of the paper: 10 times 2F1(1, 1.182; 1.886; d)",
            {"subscription_periods": REGULAR},
            expect=102.530845,
            source="alpha .704 and beta 1.182: P. S. Fader and B. G. S. Hardie, 2007",
        ),
        Example(
            "The same, asked for by name",
            {"subscription_periods": REGULAR},
            variant="contracts",
            expect=102.530845,
        ),
        Example(
            "The 241 who are left after seven renewals: they stay longer than new ones",
            {"subscription_periods": REGULAR},
            variant="residual",
            expect=299.014905,
        ),
        Example(
            "A thousand customers of whom nobody can tell yet: unknown",
            {"subscription_periods": REGULAR},
            since="2023-08-01",
            until="2023-09-01",
            expect=None,
        ),
        Example(
            "Buyers without a contract: a first purchase of 7,600 / 700, and .7758 later ones of 17.377, discounted",
            {"transactions": BUYERS},
            variant="purchases",
            expect=24.3382,
            source="the package lifetimes fits r .1215, a 1.106, b .532 and p 74.50, q 2.464, v .3415, and sums to 24.3382",
        ),
        Example("With no subscriptions it is the reading of purchases", {"transactions": BUYERS}, expect=24.3382),
    ),
)
