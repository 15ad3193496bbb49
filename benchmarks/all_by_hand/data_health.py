"""Family 3 by hand: the quality of records, new prospects, customers who stop ordering."""

from __future__ import annotations

from benchmarks.all_by_hand.texts import S, answer, flow


# records -------------------------------------------------------------------------------------------
def filled(column: str) -> str:
    """Whether something is there: not blank, a dash, a zero, n/a or test."""
    return f"not regexp_matches(trim(coalesce({column}, '')), '(?i)^([-.]*|0+|n/a|test)$')"


def good(column: str, pattern: str, text: str = "") -> str:
    """1 where a filled value fits, 0 where it does not; null where there is none."""
    return f"case when {filled(column)} then regexp_matches({text or column}, '{pattern}')::int end"


def sums(parts: list[str]) -> str:
    """The sum of conditions."""
    return " + ".join(f"({part})::int" for part in parts)


MAIL = "^[^@ ]+@[^@ ]+[.][^@ .]{2,}$"
PHONE = "^[+]?[0-9]{6,15}$"


def phone(column: str) -> str:
    """A number that could be dialled."""
    return good(column, PHONE, f"regexp_replace(trim({column}), '[-   ./()]', '', 'g')")


def key(name: str) -> str:
    """A name without accents, spaces and signs, in small letters."""
    return f"nullif(regexp_replace(strip_accents(lower({name})), '[^a-z0-9]', '', 'g'), '')"


LUHN = " + ".join(
    f"substr(translate(lpad(r, 14, '0'), '0123456789', '0246813579'), {n}, 1)::int"
    if n % 2
    else f"substr(lpad(r, 14, '0'), {n}, 1)::int"
    for n in range(1, 15)
)
CONTACTS = f"""
    select 'contact' as record_type, c.contact_id as record_id, c.created_at::date as since,
           {sums([filled("c.last_name")])} as f1, {sums([filled("c.job_title")])} as f2, {sums([filled("c.department")])} as f3,
           {sums([filled("c.email")])} as f4, {sums([filled("c.phone") + " or " + filled("c.mobile")])} as f5,
           (c.account_id is not null)::int as f6, 6 as expected,
           {good("c.email", MAIL, "trim(c.email)")} as v1, {phone("c.phone")} as v2, {phone("c.mobile")} as v3,
           null as v4, null as v5,
           case when {filled("c.email")} then lower(trim(c.email))
                else {key("c.last_name || coalesce(c.first_name, '')")} || ' ' || c.account_id end as same,
           c.created_at, (c.account_id is null or a.account_id is null or a.is_active is false)::int as inconsistent
    from contacts c left join accounts a using (account_id)"""
ACCOUNTS = f"""
    select 'account' as record_type, a.account_id as record_id, a.created_at::date as since,
           {sums([filled("a.name")])} as f1, (a.owner_id is not null)::int as f2, {sums([filled("a.industry")])} as f3,
           {sums([filled("a.street") + " and " + filled("a.city")])} as f4, {sums([filled("a.registration_no")])} as f5, 0 as f6,
           5 as expected, {good("a.email", MAIL, "trim(a.email)")} as v1, {phone("a.phone")} as v2,
           {good("a.postal_code", "^[0-9]{5}$", "trim(a.postal_code)")} as v3,
           {good("a.vat_no", "^FR[0-9A-Z]{2}[0-9]{9}$", "upper(regexp_replace(a.vat_no, '[-   .]', '', 'g'))")} as v4,
           case when regexp_matches(r, '^([0-9]{{9}}|[0-9]{{14}})$') then (({LUHN}) % 10 = 0)::int
                when {filled("a.registration_no")} then 0 end as v5,
           case when {filled("a.registration_no")} then r else {key("a.name")} || ' ' || upper(a.postal_code) end as same,
           a.created_at, ((a.parent_account_id is not null and p.account_id is null) or u.user_id is null)::int as inconsistent
    from (select *, upper(regexp_replace(registration_no, '[^0-9A-Za-z]', '', 'g')) as r from accounts
          where coalesce(type, '') <> 'other') a
    left join accounts p on p.account_id = a.parent_account_id left join users u on u.user_id = a.owner_id"""
FILLED = "f1 + f2 + f3 + f4 + f5 + f6"
VALID = "coalesce(v1, 0) + coalesce(v2, 0) + coalesce(v3, 0) + coalesce(v4, 0) + coalesce(v5, 0)"
CHECKED = "(v1 is not null)::int + (v2 is not null)::int + (v3 is not null)::int + (v4 is not null)::int + (v5 is not null)::int"
FIELDS = "record_type, record_id, since, f1, f2, f3, f4, f5, f6, expected"
CHECKS = "v1, v2, v3, v4, v5, inconsistent"


def records(columns: str) -> str:
    """Contacts and accounts with the columns that are asked for; the rest is not computed."""
    return f"select {columns} from ({CONTACTS}) union all by name select {columns} from ({ACCOUNTS})"


SURPLUS = """(same is not null
            and row_number() over (partition by record_type, same order by created_at nulls first, record_id) > 1)::int as surplus"""


def known(score: str, den: str, columns: str, where: str = "true", source: str = "") -> str:
    """The records that exist at each day, added up by the day of their creation."""
    return answer(f"""
        select s.k, sum(num) as num, sum(den) as den, null::double as amount, sum(n) as n
        from (select since, sum({score}) as num, sum({den}) as den, count(nullif({den}, 0)) as n
              from ({source or records(columns)}) where {where} group by 1) r
        join {S} on r.since <= s.day group by 1""")


# the days on which something proved a record; it is fresh for the 12 months after the last one
PROOFS = """
    with changed as (select updated_at::date as day, count(*) as n from contacts where updated_at is not null group by 1),
    proofs as (
        select 'contact' as record_type, contact_id as record_id, last_verified_at::date as day from contacts
        union all
        select 'contact', contact_id, updated_at::date from contacts where (select max(n) / sum(n) from changed) < 0.95
        union all
        select 'contact', contact_id, done_at::date from activities
        union all
        select 'account', account_id, done_at::date from activities
        union all
        select 'account', account_id, order_date from orders where status in ('confirmed', 'delivered')
        union all
        select 'account', account_id, invoice_date from invoices where status = 'posted'
    )
    select record_type, record_id, day,
           least(lead(day, 1, date '9999-12-31') over (partition by record_type, record_id order by day),
                 (day + interval 12 month)::date) as until
    from proofs where record_id is not null and day is not null"""
FRESH_AT = f"select s.k, p.record_type, p.record_id from ({PROOFS}) p join {S} on s.day >= p.day and s.day < p.until"
FRESH = f"""
    with there as ({records("record_type, record_id, since")}), fresh as (
        select k, count(*) as n from ({FRESH_AT}) f join there using (record_type, record_id)
        join {S} using (k) where since <= s.day group by 1)
    select s.k, coalesce(any_value(f.n), 0) as num, count(*) as den, null::double as amount, count(*) as n
    from there t join {S} on t.since <= s.day left join fresh f using (k) group by 1"""
POINTS = f"""({FILLED}) / expected * 40 + coalesce(({VALID}) / nullif({CHECKED}, 0) * 20, 0) + (1 - surplus) * 15
             + (1 - inconsistent) * 10"""
INDEX = f"""
    with scored as materialized (
        select record_type, record_id, since, {POINTS} as points, 80 + case when {CHECKED} > 0 then 20 else 0 end as possible
        from (select *, {SURPLUS} from ({records(f"{FIELDS}, {CHECKS}, same, created_at")}))
    ), fresh as (
        select k, sum(100 * 15 / possible) as num
        from ({FRESH_AT}) join scored using (record_type, record_id) join {S} using (k) where since <= s.day group by 1
    ), rest as (
        select s.k, sum(r.num) as num, sum(n) as n from (select since, sum(100 * points / possible) as num, count(*) as n
                                                         from scored group by 1) r
        join {S} on r.since <= s.day group by 1)
    select k, r.num + f.num as num, n as den, null::double as amount, n from rest r join fresh f using (k)"""

# new prospects -------------------------------------------------------------------------------------
PUBLIC = ("gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr live.com live.fr msn.com yahoo.com yahoo.fr "
          "ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.fr gmx.net proton.me protonmail.com mail.com orange.fr "
          "wanadoo.fr free.fr sfr.fr neuf.fr laposte.net bbox.fr numericable.fr club-internet.fr aliceadsl.fr skynet.be "
          "bluewin.ch web.de t-online.de")  # fmt: skip
PROSPECTS = f"""
    with sales as (
        select account_id, min(ordered) as first_order, min(day) as first_sale from (
            select account_id, min(order_date) as ordered, min(order_date) as day from orders
            where status in ('confirmed', 'delivered') group by 1
            union all select account_id, null, min(invoice_date) from invoices where status = 'posted' group by 1) group by 1
    ), everyone as materialized (
        select a.account_id as id, 1 as own, a.created_at, a.source, a.created_by, a.type is not distinct from 'other' as aside,
               {key("a.name")} as name_key, lower(trim(a.email)) as email, upper(trim(a.postal_code)) as postcode,
               upper(regexp_replace(a.vat_no, '[^0-9A-Za-z]', '', 'g')) as vat_no,
               upper(regexp_replace(a.registration_no, '[^0-9A-Za-z]', '', 'g')) as registration_no, s.first_order, s.first_sale
        from accounts a left join sales s using (account_id)
        union all
        select 'lead:' || l.lead_id, 0, l.created_at, l.source, l.created_by, a.account_id is not null, {key("l.company")},
               lower(trim(l.email)), null, null, null, null, null
        from leads l left join accounts a using (account_id)
    ), keys as (
        select id, own, created_at, 'r' as kind, case when regexp_matches(registration_no, '^[0-9]{{9,}}$')
               then substr(registration_no, 1, 9) else registration_no end as same
        from everyone where not aside and not regexp_matches(registration_no, '^(0*|NA|TEST)$')
        union all
        select id, own, created_at, 'v', vat_no from everyone where not aside and not regexp_matches(vat_no, '^(0*|NA|TEST)$')
        union all
        select id, own, created_at, 'd', split_part(email, '@', 2) from everyone
        where not aside and regexp_matches(email, '{MAIL}') and split_part(email, '@', 2) not in ('{PUBLIC.replace(" ", "', '")}')
        union all
        select id, own, created_at, 'p', name_key || ' ' || postcode from everyone
        where not aside and not regexp_matches(postcode, '^([-.]*|0+|N/A|TEST)$')
        union all
        select id, own, created_at, 'n', name_key from everyone where not aside and name_key is not null
    ), repeated as (
        select distinct id from (
            select id, own, kind, row_number() over w as place, sum(1 - own) over (w rows unbounded preceding) as leads
            from keys where same is not null window w as (partition by kind, same order by created_at nulls first, id))
        where place > 1 and (kind <> 'n' or own = 0 or leads > 0)
    ), together as (
        select id, greatest(
            case when created_by is null then 0 else count(*) over (partition by created_by, date_trunc('minute', created_at)) end,
            case when source is null then 0 else count(*) over (partition by source, date_trunc('minute', created_at)) end) as n
        from everyone)
    select e.created_at::date as day, e.first_order from everyone e join together t using (id)
    where not aside and (e.first_sale is null or e.first_sale > e.created_at::date) and t.n <= 50
      and not exists (select 1 from repeated r where r.id = e.id)"""
NEW = f"select day, count(*) as num, null::double as amount, count(*) as n from ({PROSPECTS}) group by 1"

# customers -----------------------------------------------------------------------------------------
ORDER_DAYS = """
    select account_id, day, lead(day, 1, date '9999-12-31') over w as next_day, row_number() over w as number, revenue,
           median(day - before) over w as cycle, sum(revenue) over w as so_far
    from (select account_id, order_date as day, sum(amount) as revenue,
                 lag(order_date) over (partition by account_id order by order_date) as before
          from orders where status in ('confirmed', 'delivered') and amount > 0 group by 1, 2)
    window w as (partition by account_id order by day)"""
ANSWERS = "select account_id, done_at::date as day from activities where direction = 'in' and done_at is not null"


def states(day: str, spans: str = S) -> str:
    """The customers of each span at a day of it, with their state and the revenue of the 12 months before their last order."""
    return f"""
        with days as materialized ({ORDER_DAYS}), stood as materialized (
            select s.k, s.{day} as seen_at, o.account_id, o.day as last_order, o.so_far,
                   case when a.order_cycle_days > 0 then a.order_cycle_days end as fixed,
                   case when o.number >= 4 then o.cycle end as own, a.segment
            from days o join {spans} on s.{day} >= o.day and s.{day} < o.next_day left join accounts a using (account_id)
        ), segments as (
            select k, segment, median(own) as cycle from stood where own is not null and segment is not null
            group by 1, 2 having count(*) >= 5
        ), answered as (
            select k, account_id, max(w.day) as day from (select distinct * from ({ANSWERS})) w join {spans} on w.day <= s.{day}
            group by 1, 2
        ), judged as (
            select st.k, st.seen_at, st.account_id, st.last_order, st.so_far,
                   st.seen_at - greatest(st.last_order, coalesce(w.day, st.last_order)) as quiet,
                   coalesce(st.fixed, st.own, g.cycle, 90)::double as cycle
            from stood st left join segments g using (k, segment) left join answered w using (k, account_id)
        )
        select k, seen_at, account_id, last_order, so_far,
               case when quiet > 2 * cycle then 'lost' when quiet > cycle then 'inactive' else 'active' end as state from judged"""


def customers(state: str) -> str:
    """The customers in a state at each day."""
    return answer(
        f"""
        with chosen as (select * from ({states("day")}) where state = '{state}'), revenue as (
            select c.k, sum(o.amount) as amount from chosen c
            join (select account_id, order_date as day, amount from orders where status in ('confirmed', 'delivered') and amount > 0) o
            on o.account_id = c.account_id and o.day <= c.last_order and o.day > c.last_order - interval 12 month group by 1)
        select c.k, count(*) as num, null::double as den, any_value(r.amount) as amount, count(*) as n
        from chosen c left join revenue r using (k) group by 1""",
        "num",
    )


POINTS_IN_TIME = f"""(
    select k, day from {S} union all select k + 100, opening from {S}
    union all select k + 200, (opening - interval 12 month)::date from {S}) s"""
KEPT = f"""
    with each as materialized ({states("day", POINTS_IN_TIME)})
    select b.k - 100 as k, b.account_id, (e.state = 'lost')::int as lost, e.last_order, b.so_far - coalesce(y.so_far, 0) as revenue
    from each b join each e on e.k = b.k - 100 and e.account_id = b.account_id
    left join each y on y.k = b.k + 100 and y.account_id = b.account_id
    where b.k between 100 and 199 and b.state <> 'lost'"""
NEWLY_LOST = f"""
    with gone as materialized (select * from ({KEPT}) where lost = 1), revenue as (
        select g.k, sum(o.amount) as amount from gone g
        join (select account_id, order_date as day, amount from orders where status in ('confirmed', 'delivered') and amount > 0) o
        on o.account_id = g.account_id and o.day <= g.last_order and o.day > g.last_order - interval 12 month group by 1)
    select k, count(*) as num, null::double as den, any_value(r.amount) as amount, count(*) as n
    from gone left join revenue r using (k) group by 1"""
ALARMS = f"""
    with gaps as materialized (
        select o.*, a.segment, case when a.order_cycle_days > 0 then a.order_cycle_days end as fixed,
               case when o.number >= 4 then o.cycle end as own
        from ({ORDER_DAYS}) o left join accounts a using (account_id)
    ), asked as (select distinct segment, day from gaps where own is null and fixed is null and segment is not null),
    segments as (
        select q.segment, q.day, median(g.own) as cycle from asked q
        join gaps g on g.segment = q.segment and g.day <= q.day and g.next_day > q.day
        where g.own is not null group by 1, 2 having count(*) >= 5
    ), rung as (
        select greatest(g.day + floor(t.times * coalesce(g.fixed, g.own, s.cycle))::int + 1, date '1900-01-01') as rings, g.next_day
        from gaps g left join segments s using (segment, day) cross join (values (1), (2)) t(times)
        where coalesce(g.fixed, g.own, s.cycle) is not null
    )
    select s.k, sum(case when next_day <= s.day then n else 0 end) as num, sum(n) as den, null::double as amount, sum(n) as n
    from (select rings, next_day, count(*) as n from rung where rings <= next_day group by 1, 2) r
    join {S} on r.rings <= s.day group by 1"""

QUESTIONS = {
    "contact_completeness": known(FILLED, "expected", FIELDS, source=CONTACTS),
    "account_completeness": known(FILLED, "expected", FIELDS, source=ACCOUNTS),
    "field_completeness": known(FILLED, "expected", FIELDS).replace(
        "count(nullif(expected, 0)) as n", "sum(expected) as n"
    ),
    "quality_completeness": known(f"({FILLED}) / expected", "1", FIELDS),
    "quality_validity": known(f"({VALID}) / ({CHECKED})", "1", f"since, {CHECKS}", f"{CHECKED} > 0"),
    "quality_uniqueness": known(
        "1 - surplus",
        "1",
        "",
        source=f"select since, {SURPLUS} from ({records('record_type, record_id, since, same, created_at')})",
    ),
    "quality_consistency": known("1 - inconsistent", "1", "since, inconsistent"),
    "quality_freshness": answer(FRESH),
    "data_quality_index": answer(INDEX),
    "new_prospects": flow(NEW),
    "new_prospects_pace": f"""
        with days as materialized ({NEW}), each as (
            select s.k, b.back, coalesce(sum(e.num), 0) as num, any_value(
                   least(s.day + 1, (s.start - to_months(b.back - 1))::date) - (s.start - to_months(b.back))::date) as days
            from {S} cross join range(13) b(back)
            left join days e on e.day >= s.start - to_months(b.back) and e.day < s.start - to_months(b.back - 1) and e.day <= s.day
            group by 1, 2)
        select k, max(num) filter (back = 0) / nullif(sum(num) filter (back > 0) / sum(days) filter (back > 0)
                  * max(days) filter (back = 0), 0) as value, null, null, null, sum(num)
        from each group by 1""",
    "prospect_conversion_rate": flow(
        f"""select day + 90 as day, count(*) filter (first_order <= day + 90) as num, count(*) as den, null::double as amount,
                   count(*) as n from ({PROSPECTS}) group by 1""",
        den=True,
    ),
    "active_customers": customers("active"),
    "inactive_customers": customers("inactive"),
    "lost_customers": customers("lost"),
    "newly_lost_customers": answer(NEWLY_LOST, "num"),
    "churn_rate": answer(
        f"""select k, sum(lost) as num, count(*) as den, sum(revenue) as amount, count(*) as n from ({KEPT}) group by 1"""
    ),
    "revenue_churn_rate": answer(
        f"""select k, sum(lost * revenue) as num, sum(revenue) as den, num as amount, count(nullif(revenue, 0)) as n
            from ({KEPT}) group by 1"""
    ),
    "false_alarm_rate": answer(ALARMS),
}
