-- definition_en: The five scores of each record at each date, in 0..1: completeness = filled weight / expected weight;
--   validity = valid / filled fields that can be checked; uniqueness and consistency 1 or 0; freshness 1 within 12
--   months of a proof, else 0. A score that can not be measured is absent: validity with nothing to check, freshness
--   where the source has no proof at all for this type of record.
-- definition_fr: Les cinq notes de chaque fiche à chaque date, de 0 à 1 : complétude = poids rempli / poids attendu ;
--   validité = champs valides / champs remplis vérifiables ; unicité et cohérence 1 ou 0 ; fraîcheur 1 dans les 12 mois
--   d'une preuve, sinon 0. Une note qu'on ne peut mesurer est absente : validité sans rien à vérifier, fraîcheur quand
--   la source n'a aucune preuve pour ce type de fiche.
with proven as (
  select max(case when s.record_type = 'contact' then s.fresh end) as contacts,
         max(case when s.record_type = 'account' then s.fresh end) as accounts
  from fresh_spans s
)
select d.as_of, r.record_type, r.record_id, r.account_id, r.owner_id, r.name, r.is_decision_maker, r.from_day,
       r.missing_codes, r.wrong_codes, r.same_as,
       r.filled::double / nullif(r.expected, 0) as completeness,
       r.valid::double / nullif(r.checkable, 0) as validity,
       1.0::double - r.surplus as uniqueness,
       case when case when r.record_type = 'contact' then p.contacts else p.accounts end = 1
            then coalesce(s.fresh, 0)::double end as freshness,
       1.0::double - r.inconsistent as consistency
from quality_records r
left join fresh_spans s on s.record_type = r.record_type and s.record_id = r.record_id
join proven p on true
join dates d on d.as_of >= r.from_day and d.as_of >= coalesce(s.from_day, date '1900-01-01')
            and d.as_of < coalesce(s.to_day, date '9999-12-31')
