"""Family 4 by hand: visits made, action plans, leads, activities due."""

from __future__ import annotations

from benchmarks.all_by_hand.texts import FIRST, S, answer, flow

VISITS = f"""
    select done_at::date as day, count(*) as num, count(*) as n, null::double as amount from activities
    where type in ('visit', 'meeting') and done_at >= {FIRST} and account_id is not null group by 1"""
REPORTED = "(trim(report) <> '' or reported_at is not null)"
REPORTS = f"""
    select done_at::date as day, count(*) filter ({REPORTED}) as num, count(*) as den, null::double as amount, count(*) as n
    from activities where type in ('visit', 'meeting') and done_at >= {FIRST} and account_id is not null group by 1"""
# every order goes to the last visit of its account in the 30 days before it; a visit is judged 30 days after
CREDITED = f"""
    with made as materialized (
        select account_id, done_at, activity_id, done_at::date + 30 as day from activities
        where type in ('visit', 'meeting') and account_id is not null and done_at >= {FIRST} - interval 30 day
    ), credited as (
        select v.account_id, v.done_at, count(*) as orders, sum(o.amount) as amount
        from (select account_id, amount, order_date, order_date + interval 1 day as until from orders
              where status in ('confirmed', 'delivered') and order_date >= {FIRST} - interval 30 day) o
        asof join (select distinct account_id, done_at from made) v on v.account_id = o.account_id and v.done_at < o.until
        where o.order_date <= v.done_at::date + 30 group by 1, 2
    )
    select * from (select day, count(*) as visits from made group by 1) left join (
        select done_at::date + 30 as day, sum(orders) as orders, count(*) as sold, sum(amount) as amount from credited group by 1
    ) using (day)"""
PLANS = f"""
    select s.k, p.target_amount, p.progress, p.actual_amount,
           greatest(0, least(1, (s.day - p.start_date + 1)::double / (p.due_date - p.start_date + 1))) as planned
    from action_plans p join {S} on p.start_date <= s.day and (p.status = 'running' or p.closed_at::date > s.day)"""


def plans(num: str, den: str, where: str = "target_amount > 0") -> str:
    """The plans that run at each day."""
    return answer(f"""
        select k, sum({num}) as num, sum({den}) as den, sum(target_amount) as amount, count(nullif({den}, 0)) as n
        from ({PLANS}) where {where} group by 1""")


PROGRESS = "round(target_amount * progress, 2)::decimal(18, 2)"
PLANNED = "round(target_amount * planned, 2)::decimal(18, 2)"


def qualified(day: str) -> str:
    """Leads qualified in each span, and those for which ``day`` has come by the day it is seen from."""
    return f"""
        select s.k, count(*) filter (l.{day} <= s.seen) as num, count(*) as den,
               sum(case when l.{day} <= s.seen then l.potential_amount else 0 end) as amount, count(*) as n"""


CONVERTED = f"""
    {qualified("converted")}
    from (select l.qualified_at::date as qualified, l.potential_amount, coalesce(l.converted_at::date, o.created_at::date,
                 case when l.status = 'converted' then l.qualified_at::date end) as converted
          from leads l left join opportunities o using (opportunity_id) where l.qualified_at >= {FIRST}) l
    join {S} on l.qualified between s.start and s.day group by 1"""
ORDERED = f"""
    with asked as materialized (
        select lead_id, account_id, opportunity_id, qualified_at::date as qualified, potential_amount
        from leads where qualified_at >= {FIRST}
    ), sold as materialized (
        select account_id, opportunity_id, order_date from orders where status in ('confirmed', 'delivered')
    ), firsts as (
        select lead_id, min(day) as ordered from (
            select lead_id, order_date as day from asked join sold using (opportunity_id)
            union all
            select lead_id, order_date from asked a join sold o on o.account_id = a.account_id and o.order_date > a.qualified)
        group by 1
    )
    {qualified("ordered")}
    from (select * from asked left join firsts using (lead_id)) l
    join {S} on l.qualified between s.start and s.day group by 1"""
REFUSED = """
    select case when status = 'disqualified' then disqualified_at::date else coalesce(qualified_at, converted_at)::date end as day,
           count(*) filter (status = 'disqualified') as num, count(*) as den, count(*) as n,
           sum(case when status = 'disqualified' then potential_amount else 0 end) as amount
    from leads where status in ('qualified', 'converted', 'disqualified') group by 1"""
UNTOUCHED = f"""
    with entered as materialized (
        select lead_id, account_id, qualified_at::date as qualified, converted_at::date as converted,
               disqualified_at::date as refused, potential_amount
        from leads where qualified_at is not null
    ), done as materialized (select lead_id, account_id, done_at::date as day from activities where done_at is not null),
    touched as (
        select lead_id, min(day) as day from (
            select e.lead_id, d.day from entered e join done d on d.lead_id = e.lead_id and d.day >= e.qualified
            union all
            select e.lead_id, d.day from entered e join done d on d.account_id = e.account_id and d.day >= e.qualified)
        group by 1
    )
    select s.k, count(*) as num, null::double as den, sum(e.potential_amount) as amount, count(*) as n
    from entered e left join touched t using (lead_id)
    join {S} on e.qualified <= s.day and (e.converted is null or e.converted > s.day)
            and (e.refused is null or e.refused > s.day) and (t.day is null or t.day > s.day) group by 1"""

QUESTIONS = {
    "visits_done": flow(VISITS),
    "visit_reports": flow(f"select day, num, null::double as amount, num as n from ({REPORTS})"),
    "visit_report_rate": flow(REPORTS, den=True),
    "visit_to_order_ratio": flow(
        f"select day, visits as num, orders as den, amount, sold as n from ({CREDITED})", den=True
    ),
    "visit_conversion_rate": flow(
        f"select day, coalesce(sold, 0) as num, visits as den, amount, visits as n from ({CREDITED})", den=True
    ),
    "due_activities": answer(
        f"""select s.k, count(*) as num, null::double as den, null::double as amount, count(*) as n
            from activities a join {S} on a.planned_at::date <= s.day and (a.done_at is null or a.done_at::date > s.day)
                                      and (a.cancelled_at is null or a.cancelled_at::date > s.day)
            where (a.status <> 'done' or a.done_at is not null) and (a.status <> 'cancelled' or a.cancelled_at is not null)
            group by 1""",
        "num",
    ),
    "action_plan_progress": plans(PROGRESS, "target_amount"),
    "action_plan_progress_equal": plans("progress", "1", "progress is not null"),
    "action_plan_pace": plans(PROGRESS, PLANNED),
    "action_plan_result": plans("actual_amount", PLANNED),
    "qualified_leads": flow(
        f"""select qualified_at::date as day, count(*) as num, sum(potential_amount) as amount, count(*) as n
            from leads where qualified_at >= {FIRST} group by 1"""
    ),
    "leads_to_contact": answer(UNTOUCHED, "num"),
    "lead_conversion_rate": answer(CONVERTED),
    "lead_order_rate": answer(ORDERED),
    "time_to_first_contact": answer(
        f"""select s.k, sum(l.first - l.created) as num, count(*) as den, null::double as amount, count(*) as n
            from (select l.lead_id, l.created_at::date as created, min(a.done_at::date) as first
                  from leads l join activities a on a.lead_id = l.lead_id and a.done_at::date >= l.created_at::date
                  where l.created_at >= {FIRST} group by 1, 2) l
            join {S} on l.created between s.start and s.day and l.first <= s.seen group by 1"""
    ),
    "lead_refusal_rate": flow(REFUSED, den=True),
}
