-- definition_en: Every account and lead as a fact of the day it was created. Excluded, in this order: customers, who
--   had an order or an invoice on or before their creation day (or have one, where that day is not known); accounts of
--   type other; leads linked to an account; companies known before by registration number, VAT number, e-mail domain
--   (but public ones), or name and postcode; bulk imports, of more than 50 by one creator or source in one minute.
--   Where all accounts were created on one day, no day is known for any account or lead; where all leads were, for none
--   of them.
-- definition_fr: Chaque compte et chaque lead comme un fait du jour de sa création. Exclus, dans cet ordre : les
--   clients, qui avaient une commande ou une facture au plus tard ce jour-là (ou en ont une, si ce jour n'est pas
--   connu) ; les comptes de type autre ; les leads rattachés à un compte ; les sociétés déjà connues par
--   immatriculation, n° de TVA, domaine d'e-mail (sauf domaines publics), ou nom et code postal ; les imports en masse,
--   plus de 50 par un même créateur ou une même origine en une minute. Si tous les comptes furent créés le même jour,
--   aucun jour n'est connu, ni des comptes ni des leads ; si ce sont tous les leads, aucun des leurs.
-- setting: bulk_size=50 | import en masse : plus de fiches en une minute | bulk import: more records in one minute
-- setting: public_domains=gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr live.com live.fr msn.com yahoo.com yahoo.fr ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.fr gmx.net proton.me protonmail.com mail.com orange.fr wanadoo.fr free.fr sfr.fr neuf.fr laposte.net bbox.fr numericable.fr club-internet.fr aliceadsl.fr skynet.be bluewin.ch web.de t-online.de | domaines d'e-mail publics | public e-mail domains
-- word: account | compte | account
-- word: lead | lead | unlinked lead
-- word: customer | déjà clients à leur création | already customers when created
-- word: other | comptes de type autre | accounts of type other
-- word: linked_lead | leads rattachés à un compte | leads linked to an account
-- word: duplicate | sociétés déjà connues | companies known before
-- word: bulk_import | créés par un import en masse | created by a bulk import
-- word: load_day | les dates de création sont le jour du chargement | creation dates are the load day
select case when c.load_day = 0 then c.created_day end as created_day, c.id, c.record_type, c.record_id, c.account_id,
       c.owner_id, c.name, c.source, c.created_by, c.first_order,
       case when c.first_sale <= coalesce(c.created_day, c.first_sale) then 'customer'
            when c.aside = 'other' then 'other'
            when c.aside = 'linked_lead' then 'linked_lead'
            when c.known_by_key = 1 or (c.known_by_domain = 1
                 and ' ' || $public_domains || ' ' not like '% ' || c.domain || ' %') then 'duplicate'
            when c.together > $bulk_size then 'bulk_import' end as excluded,
       case when c.load_day = 1 then 'load_day' end as missing
from company_records c
