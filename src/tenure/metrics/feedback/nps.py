"""Net promoter score: the share of promoters less the share of detractors, in points from -100 to 100.

Definition
    Of those who answered an nps survey in the period, promoters gave 9 or 10 and detractors 6 or less, on a scale of
    0-10 or of 1-10, each answer on its own. Passives, 7 and 8, count among the answers only.
Formula
    (100 * (promoters - detractors)) / answered
Edge cases
    Nobody answered: unknown, never 0. Who was asked and did not answer is no detractor. An answer counts when it was
    given, not when the survey was sent. On a scale where a low score is the good one it is turned round. Other scales are
    left out: 9 of 100 is no promoter. `nps:latest_per_person` takes everybody's last answer of the period;
    `nps:by_account` gives every account one voice, shared out among its answers. Who is not known speaks for itself. The
    mean of the scores is no net promoter score and is not offered as one.
Sources
    F. Reichheld, "The one number you need to grow", Harvard Business Review, December 2003. Parative, "Top 15 SaaS
    Customer Success Metrics": 74 % promoters, 12 % detractors, 62. Target: Bain & Company, above 50 is excellent; Apple's 89
    is the dream.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Target, Unit, Variant

ANSWERED = "is_promoter + is_passive + is_detractor = 1"
promoters = flow("answers", "sum(is_promoter)", where=ANSWERED, name="promoters")
detractors = flow("answers", "sum(is_detractor)", where=ANSWERED, name="detractors")
answers = flow("answers", "count(*)", where=ANSWERED, name="answered")

# What is not an answer to this question is set apart: the places are given before it is left out.
PERSON = "CASE WHEN person_id IS NULL THEN 'answer ' || response_id ELSE 'person ' || person_id END"
LATEST = {
    "place": f"row_number() OVER (PARTITION BY n, segment, {ANSWERED}, {PERSON} ORDER BY happened_at DESC, response_id DESC)"
}
LAST = f"{ANSWERED} AND place = 1"
last_promoters = flow("answers", "sum(is_promoter)", where=LAST, name="promoters", beside=LATEST)
last_detractors = flow("answers", "sum(is_detractor)", where=LAST, name="detractors", beside=LATEST)
people = flow("answers", "count(*)", where=LAST, name="answered", beside=LATEST)

ACCOUNT = f"CASE WHEN account_id = '' THEN {PERSON} ELSE 'account ' || account_id END"
VOICE = {
    "voice": ACCOUNT,
    "weight": f"1.0::DOUBLE / count(*) OVER (PARTITION BY n, segment, {ANSWERED}, {ACCOUNT})",
}
# Fractions are added from the smallest, so that the order in which rows lie moves no digit.
for_us = flow("answers", "sum(is_promoter * weight ORDER BY weight)", where=ANSWERED, name="promoters", beside=VOICE)
against_us = flow(
    "answers", "sum(is_detractor * weight ORDER BY weight)", where=ANSWERED, name="detractors", beside=VOICE
)
voices = flow("answers", "count(DISTINCT voice)", where=ANSWERED, name="answered", beside=VOICE)

SCORES = """
    response_id,survey,person_id,sent_at,answered_at,score,scale_min,scale_max
    {1..74} r#,nps,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,10,0,10
    {75..88} r#,nps,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,8,0,10
    {89..100} r#,nps,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,3,0,10
"""
VOICES = """
    response_id,survey,account_id,person_id,sent_at,answered_at,score
    {1..2} a#,nps,a1,p1,2024-03-04T08:00:00Z,2024-03-1#T08:00:00Z,10
    {3..4} a#,nps,a1,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,9
    b1,nps,a2,p5,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,9
    b2,nps,a2,p5,2024-03-14T08:00:00Z,2024-03-15T08:00:00Z,2
    c1,nps,,,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,5
    c2,nps,,,2024-03-04T08:00:00Z,,
"""

METRIC = Metric(
    title="Net promoter score",
    measure=100 * (promoters - detractors) / answers,
    unit=Unit.POINTS,
    better=Better.UP,
    needs=("responses",),
    target=Target(50, per=None, source="Bain & Company"),
    interval=Interval.NPS,
    aliases=("net_promoter_score",),
    variants={
        "latest_per_person": Variant(
            "Net promoter score, everybody's last answer",
            100 * (last_promoters - last_detractors) / people,
            Interval.NPS,
        ),
        "by_account": Variant(
            "Net promoter score, every account one voice", 100 * (for_us - against_us) / voices, Interval.NPS
        ),
    },
    basis="{promoters} promoters, {detractors} detractors of {answered} answers",
    examples=(
        Example(
            "74 promoters, 14 passives, 12 detractors",
            {"responses": SCORES},
            expect=62,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example("One account answers often", {"responses": VOICES}, expect=100 * (5 - 2) / 7),
        Example(
            "Of each person the last answer: three promoters, two detractors",
            {"responses": VOICES},
            expect=20,
            variant="latest_per_person",
        ),
        Example(
            "One account for us, one of two minds, somebody unknown against us",
            {"responses": VOICES},
            expect=0,
            variant="by_account",
        ),
        Example(
            "A scale of 1 to 10, asked both ways round, and one of 100",
            {
                "responses": """
                    response_id,survey,person_id,answered_at,score,scale_min,scale_max,higher_is_better
                    r1,nps,p1,2024-03-05T08:00:00Z,9,1,10,true
                    r2,nps,p2,2024-03-05T08:00:00Z,10,1,10,true
                    r3,nps,p3,2024-03-05T08:00:00Z,2,1,10,false
                    r4,nps,p4,2024-03-05T08:00:00Z,6,1,10,true
                    r5,nps,p5,2024-03-05T08:00:00Z,90,0,100,true
                """
            },
            expect=50,
        ),
        Example(
            "Asked, and nobody answered",
            {
                "responses": """
                    response_id,survey,person_id,sent_at,answered_at,score
                    {1..5} r#,nps,p#,2024-03-04T08:00:00Z,,
                """
            },
            expect=None,
        ),
    ),
)
