-- metric: arr
SELECT month, 12 * mrr FROM months JOIN mrr_at() ON cut = closes;

-- metric: arpa
SELECT month, mrr / paying FROM months JOIN mrr_at() AS m ON m.cut = closes JOIN customers_at() AS c ON c.cut = closes;

-- metric: churned_mrr
SELECT month_of(happened_at) AS month, -sum(amount) FROM facts.revenue WHERE kind = 'churn' AND within(happened_at) GROUP BY month;

-- metric: committed_mrr
SELECT month, m.mrr - coalesce(p.mrr, 0) FROM months JOIN mrr_at() AS m ON m.cut = closes LEFT JOIN pending_at('notice') AS p ON p.cut = closes;

-- metric: contraction_mrr
SELECT month_of(happened_at) AS month, -sum(amount) FROM facts.revenue WHERE kind = 'contraction' AND within(happened_at) GROUP BY month;

-- metric: discount_mrr
SELECT month, list_mrr - mrr FROM months JOIN mrr_at() ON cut = closes;

-- metric: expansion_mrr
SELECT month_of(happened_at) AS month, sum(amount) FROM facts.revenue WHERE kind = 'expansion' AND within(happened_at) GROUP BY month;

-- metric: expansion_mrr_growth_rate
SELECT month, sum(amount) / CAST(lag(sum(amount)) OVER (ORDER BY month) AS DOUBLE) - 1 FROM (
  SELECT month_of(happened_at) AS month, amount FROM facts.revenue
  WHERE kind = 'expansion' AND happened_at >= TIMESTAMP '2024-05-01' AND happened_at < until()
) GROUP BY month QUALIFY month >= since();

-- metric: expansion_rate
SELECT month, amount / mrr FROM (
  SELECT month_of(happened_at) AS month, sum(amount) AS amount FROM facts.revenue WHERE kind = 'expansion' AND within(happened_at) GROUP BY month
) JOIN mrr_at() ON cut = month;

-- metric: expansion_share
SELECT month, expansion / CAST(expansion + new_mrr AS DOUBLE) FROM moved_mrr();

-- metric: fx_mrr
SELECT month, c.mrr - o.mrr - moved FROM (
  SELECT month_of(happened_at) AS month, sum(amount) AS moved FROM facts.revenue WHERE within(happened_at) GROUP BY month
) JOIN mrr_at() AS o ON o.cut = month JOIN mrr_at() AS c ON c.cut = month + INTERVAL 1 MONTH;

-- metric: gross_mrr_churn_rate
SELECT month, (churn + contraction) / mrr FROM moved_mrr() JOIN mrr_at() ON cut = month;

-- metric: gross_revenue_retention
WITH changes AS (
  SELECT month_of(happened_at) AS month, account_id, sum(worth * rate) AS change, arg_min(paid_before, movement) AS paid_before
  FROM facts.customers AS c JOIN facts.rates AS r ON r.currency = c.valued_in AND r.day = CAST(month_of(happened_at) AS DATE) - 1
  WHERE within(happened_at) GROUP BY month, account_id
), lost AS (
  SELECT month, sum(greatest(-change, 0)) FILTER (paid_before = 1) AS lost FROM changes GROUP BY month
)
SELECT month, 1 - lost / mrr FROM lost JOIN mrr_at() ON cut = month;

-- metric: list_mrr
SELECT month, list_mrr FROM months JOIN mrr_at() ON cut = closes;

-- metric: mrr
SELECT month, mrr FROM months JOIN mrr_at() ON cut = closes;

-- metric: mrr_growth_rate
SELECT cut AS month, lead(mrr) OVER (ORDER BY cut) / CAST(mrr AS DOUBLE) - 1 FROM mrr_at() QUALIFY within(cut);

-- metric: net_mrr_churn_rate
SELECT month, (churn + contraction - expansion) / mrr FROM moved_mrr() JOIN mrr_at() ON cut = month;

-- metric: net_new_mrr
SELECT cut AS month, lead(mrr) OVER (ORDER BY cut) - mrr FROM mrr_at() QUALIFY within(cut);

-- metric: net_revenue_retention
WITH changes AS (
  SELECT month_of(happened_at) AS month, account_id, sum(worth * rate) AS change, arg_min(paid_before, movement) AS paid_before
  FROM facts.customers AS c JOIN facts.rates AS r ON r.currency = c.valued_in AND r.day = CAST(month_of(happened_at) AS DATE) - 1
  WHERE within(happened_at) GROUP BY month, account_id
), moved AS (
  SELECT month, sum(change) FILTER (paid_before = 1) AS moved FROM changes GROUP BY month
)
SELECT month, 1 + moved / mrr FROM moved JOIN mrr_at() ON cut = month;

-- metric: new_mrr
SELECT month_of(happened_at) AS month, sum(amount) FROM facts.revenue WHERE kind = 'new' AND within(happened_at) GROUP BY month;

-- metric: quick_ratio
SELECT month, (new_mrr + expansion + reactivation) / CAST(churn + contraction AS DOUBLE) FROM moved_mrr();

-- metric: reactivation_mrr
SELECT month_of(happened_at) AS month, sum(amount) FROM facts.revenue WHERE kind = 'reactivation' AND within(happened_at) GROUP BY month;

-- metric: trial_mrr
SELECT month, mrr FROM months JOIN pending_at('trial') ON cut = closes;
