-- definition_en: The lines of each order by product: how many, for how much after discount.
-- definition_fr: Les lignes de chaque commande par produit : combien, pour quel montant après remise.
select l.order_id as id, l.product_id, l.product, l.quantity, l.amount
from order_lines l
