"""Predicted lifetime value: what a new customer will bring, by how those before it stayed, discounted.

Definition
    MRR per paying account when the period closes, times the gross margin, times the months that a new customer will pay,
    each discounted by the setting `discount_rate`: the shifted beta-geometric fitted to how many customers renewed and left
    each month after joining, as of the last month that is over. A customer is taken in the segment in which it began.
Formula
    (closing_mrr / paying_accounts) * (1 - (goods / net_revenue) or else 0 * (goods + net_revenue) + 1) * discounted_months
Edge cases
    Fewer than 50 customers came up for renewal, fewer than 10 left, or many values fit alike: unknown, and the row says why.
    With no subscriptions but transactions it is the variant `purchases`: the first purchase and those that follow, by
    BG/NBD, at what a customer spends by gamma-gamma. The variant `residual` is what a present customer is yet to bring.
    The interval is that of the model alone. Nobody pays: unknown.
Sources
    P. S. Fader and B. G. S. Hardie, "How to project customer retention", 2007, and "Customer-base valuation in a contractual
    setting", 2010; with K. L. Lee, "Counting your customers the easy way", 2005, and "RFM and CLV", 2005.
"""

from tenure.measure import closing, either, flow, predicted, setting
from tenure.metric import Better, Example, Metric, Unit, Variant

closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
paying_accounts = closing("customers", "sum(paying)", name="paying_accounts")
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
            predicted("purchases", name="purchase_value")
            * (predicted("purchases", name="later_purchases") + 1)
            * margin,
        ),
    },
    examples=(),
)
