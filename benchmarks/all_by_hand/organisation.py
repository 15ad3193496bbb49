"""Family 2 by hand: visits, quotes, orders to deliver, receivables."""

from __future__ import annotations

from benchmarks.all_by_hand.commercial import OPEN as DEALS
from benchmarks.all_by_hand.texts import FIRST, S, answer, flow

PENDING = f"""
    select s.k, v.activity_id, v.account_id from activities v
    join {S} on v.planned_at::date < s.day and coalesce(v.done_at::date, date '9999-12-31') > s.day
                          and coalesce(v.cancelled_at::date, date '9999-12-31') > s.day
    where v.type in ('visit', 'meeting') and (v.status = 'planned' or v.done_at is not null or v.cancelled_at is not null)"""
QUOTE_LIVES = """
    select q.quote_id, q.account_id, q.opportunity_id, q.amount, q.issued_at::date as issued, q.valid_until, q.status,
           least(case when q.status in ('accepted', 'refused', 'cancelled') then coalesce(q.decided_at::date, date '1900-01-01')
                      else date '9999-12-31' end,
                 case when q.replaced_by is not null then coalesce(r.issued_at::date, date '1900-01-01')
                      else date '9999-12-31' end) as gone
    from quotes q left join quotes r on r.quote_id = q.replaced_by"""


def quotes(where: str) -> str:
    """The quotes that are there at each day."""
    return (
        f"select s.k, s.day, q.* from ({QUOTE_LIVES}) q join {S} on s.day >= q.issued and s.day < q.gone where {where}"
    )


OPEN_QUOTES = quotes("q.status <> 'draft' and (q.valid_until is null or q.valid_until >= s.day)")
DRAFTS = quotes("q.status = 'draft'")
EXPIRED = quotes("q.status <> 'draft' and q.valid_until < s.day")
COUNTED = "count(*) as num, null::double as den, sum(amount) as amount, count(*) as n"
# confirmed orders that are not wholly delivered, with what is left and the earliest day promised
BACKLOG = f"""
    select k, day, order_id, account_id, linked, amount - given as amount, coalesce(planned, requested) as promised
    from (select s.k, s.day, o.order_id, any_value(o.account_id) as account_id, any_value(o.amount) as amount,
                 any_value(o.requested_delivery_date) as requested,
                 any_value(case when o.quote_id is not null or o.opportunity_id is not null then 1 else 0 end) as linked,
                 coalesce(sum(d.amount) filter (d.delivered_at::date <= s.day), 0) as given,
                 min(d.planned_date) filter (d.delivered_at is null or d.delivered_at::date > s.day or d.status = 'partial') as planned
          from orders o
          join {S} on o.order_date <= s.day
               and coalesce(o.delivered_at::date, case when o.status = 'delivered' then date '1900-01-01' end, date '9999-12-31') > s.day
               and coalesce(o.cancelled_at::date, date '9999-12-31') > s.day
          left join deliveries d on d.order_id = o.order_id and d.status <> 'cancelled'
          where o.status in ('confirmed', 'delivered') or (o.status = 'cancelled' and o.cancelled_at is not null)
          group by 1, 2, 3)
    where amount > given"""
LINKS = """
    select o.opportunity_id, min(o.order_date) as day from orders o
    where o.status in ('confirmed', 'delivered') and o.opportunity_id is not null group by 1"""
QUOTE_LINKS = """
    select o.quote_id, min(o.order_date) as day from orders o
    where o.status in ('confirmed', 'delivered') and o.quote_id is not null group by 1"""
DOCUMENTS = f"""
    with linked as materialized ({LINKS}), named as ({QUOTE_LINKS}), offers as materialized ({OPEN_QUOTES})
    select k, 'order' as kind, account_id, linked, amount from ({BACKLOG})
    union all
    select q.k, 'quote', q.account_id, case when q.opportunity_id is not null then 1 else 0 end, q.amount
    from offers q left join linked l on l.opportunity_id = q.opportunity_id left join named n on n.quote_id = q.quote_id
    where (l.day is null or l.day > q.day) and (n.day is null or n.day > q.day)
    union all
    select d.k, 'deal', d.account_id, 0, round(d.amount * d.chance, 2)::decimal(18, 2)
    from ({DEALS}) d left join linked l on l.opportunity_id = d.opportunity_id
    where (l.day is null or l.day > d.day)
      and not exists (from offers q where q.k = d.k and q.opportunity_id = d.opportunity_id)"""
USUAL = f"""
    select s.k, median(q.decided_at::date - q.issued_at::date) as days from quotes q join {S} on q.decided_at::date <= s.day
    where q.status = 'accepted' and q.decided_at::date >= q.issued_at::date group by 1"""
FOLLOWED = "coalesce(a.direction, 'out') <> 'in' and a.done_at::date between greatest(w.issued, w.day - 7) and w.day"
TO_FOLLOW_UP = f"""
    with judged as materialized (
        select q.k, q.day, q.quote_id, q.opportunity_id, q.issued, q.amount,
               q.valid_until - q.day <= 7 or q.day - q.issued > u.days as due, q.day - q.issued > 7 as old
        from ({OPEN_QUOTES}) q left join ({USUAL}) u using (k)
    ), waiting as materialized (select * from judged where due is not true and old), touched as (
        select w.k, w.quote_id from waiting w join activities a on a.quote_id = w.quote_id and {FOLLOWED}
        union
        select w.k, w.quote_id from waiting w join activities a on a.opportunity_id = w.opportunity_id and {FOLLOWED}
    )
    select k, {COUNTED}
    from (select k, amount from judged where due
          union all select k, amount from waiting w anti join touched using (k, quote_id)) group by 1"""
# what is owed on each day: what the invoice says today, else its whole until it was paid
OWED = f"""
    select s.k, s.day, i.account_id, coalesce(i.due_date, i.invoice_date) as due,
           case when s.day >= date '2026-10-15' then i.open_amount else i.amount_with_tax end as balance
    from invoices i join {S} on i.invoice_date <= s.day
    where i.status = 'posted' and case when s.day >= date '2026-10-15' then i.open_amount <> 0
          else i.amount_with_tax <> 0 and (i.paid_at::date > s.day or (i.paid_at is null and i.open_amount <> 0)) end"""
RECEIVABLES = f"select k, sum(balance) as num, null::double as den, sum(balance) as amount, count(*) as n from ({OWED}) group by 1"
BILLED = """
    select invoice_date as day, sum(amount_with_tax) as num, sum(amount_with_tax) as amount, count(*) as n
    from invoices where status = 'posted' and type <> 'deposit' and invoice_date >= date '2022-01-01' group by 1"""
DSO = f"""
    with owed as ({RECEIVABLES}), days as materialized ({BILLED}), months as (
        select s.k, b.back, sum(e.num) as billed,
               any_value(least(s.day + 1, (s.start - to_months(b.back - 1))::date) - (s.start - to_months(b.back))::date) as days
        from {S} cross join range(24) b(back)
        left join days e on e.day >= s.start - to_months(b.back) and e.day < s.start - to_months(b.back - 1) and e.day <= s.day
        group by 1, 2
    ), walked as (
        select m.*, o.num as owed, sum(billed) over w as billed_so_far, sum(days) over w as days_so_far
        from months m join owed o using (k) window w as (partition by m.k order by m.back)
    )
    select o.k, case when o.num <= 0 then 0 else f.value end as value, null, null, o.num, o.n
    from owed o left join (
        select k, arg_min(days_so_far - days * ((billed_so_far - owed)::double / billed), back) as value
        from walked where billed_so_far >= owed group by 1) f using (k)"""

QUESTIONS = {
    "overdue_visits": answer(
        f"""with pending as materialized ({PENDING}),
                 risk as (select k, account_id, sum(amount) as amount from ({DOCUMENTS}) group by 1, 2)
            select v.k, sum(v.n) as num, null::double as den, sum(coalesce(r.amount, 0)) as amount, sum(v.n) as n
            from (select k, account_id, count(*) as n from pending group by 1, 2) v left join risk r using (k, account_id)
            group by 1""",
        "num",
    ),
    "unknown_visits": answer(
        f"""select s.k, count(v.activity_id) as num, null::double as den, null::double as amount, count(v.activity_id) as n
            from {S} left join activities v on v.type in ('visit', 'meeting') and v.status = 'unknown' and v.done_at is null
                 and v.planned_at::date < s.day and coalesce(v.cancelled_at::date, date '9999-12-31') > s.day group by 1""",
        "num",
    ),
    "at_risk_linked_share": answer(
        f"""select k, sum(amount * linked) as num, sum(amount) as den, sum(amount) as amount, count(nullif(amount, 0)) as n
            from ({DOCUMENTS}) where kind <> 'deal' group by 1"""
    ),
    "overdue_visit_rate": answer(
        f"""select s.k, count(*) filter (planned < s.day and done > s.day) as num, count(*) as den, null::double as amount,
                   count(*) as n
            from (select planned_at::date as planned, coalesce(done_at::date, date '9999-12-31') as done,
                         coalesce(cancelled_at::date, date '9999-12-31') as cancelled
                  from activities where type in ('visit', 'meeting') and planned_at >= {FIRST} - interval 1 month
                                    and (status <> 'unknown' or done_at is not null)) v
            join {S} on v.planned between s.start and s.day where cancelled > s.day group by 1"""
    ),
    "open_quotes": answer(f"select k, {COUNTED} from ({OPEN_QUOTES}) group by 1", "num"),
    "draft_quotes": answer(f"select k, {COUNTED} from ({DRAFTS}) group by 1", "num"),
    "expired_quotes": answer(f"select k, {COUNTED} from ({EXPIRED}) group by 1", "num"),
    "quotes_to_follow_up": answer(TO_FOLLOW_UP, "num"),
    "quote_conversion_rate": answer(
        f"""select s.k, count(*) filter (q.status = 'accepted' and q.decided_at::date <= s.seen) as num, count(*) as den,
                   coalesce(sum(q.amount) filter (q.status = 'accepted' and q.decided_at::date <= s.seen), 0) as amount, count(*) as n
            from quotes q join {S} on q.issued_at::date between s.start and s.day
            left join quotes r on r.quote_id = q.replaced_by
            where q.status <> 'draft' and q.issued_at >= {FIRST}
              and (q.replaced_by is null or coalesce(r.issued_at::date, date '1900-01-01') > s.seen) group by 1"""
    ),
    "order_backlog": answer(f"select k, {COUNTED} from ({BACKLOG}) group by 1", "num"),
    "late_deliveries": answer(
        f"""select k, count(*) filter (promised < day) as num, null::double as den,
                   sum(case when promised < day then amount else 0 end) as amount, count(*) as n
            from ({BACKLOG}) where promised is not null group by 1""",
        "num",
    ),
    "open_requests": answer(
        f"""select s.k, count(*) as num, null::double as den, null::double as amount, count(*) as n
            from tickets t join {S} on t.opened_at::date <= s.day and (t.status = 'open' or t.closed_at::date > s.day)
            group by 1""",
        "num",
    ),
    "receivables": answer(RECEIVABLES, "num"),
    "overdue_receivables": answer(
        f"""select k, sum(balance) as num, null::double as den, sum(balance) as amount, count(*) as n
            from ({OWED}) where balance > 0 and due < day group by 1""",
        "num",
    ),
    "overdue_share": answer(
        f"""select k, sum(case when due < day then balance else 0 end) as num, sum(balance) as den, num as amount, count(*) as n
            from ({OWED}) where balance > 0 group by 1"""
    ),
    "over_credit_limit": answer(
        f"""select k, count(*) as num, null::double as den, sum(balance - credit_limit) as amount, count(*) as n
            from (select k, account_id, sum(balance) as balance from ({OWED}) group by 1, 2)
            join accounts using (account_id) where balance > credit_limit group by 1""",
        "num",
    ),
    "billed_with_tax": flow(BILLED),
    "dso": DSO,
}
