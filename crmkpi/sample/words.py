"""The words the sample company is made of: people, places, trades, products, sentences.

Data only. Phone prefixes are those ARCEP keeps for fiction and e-mail domains end in ``.example``,
so that nobody real is ever called or written to.
"""

from __future__ import annotations

COMPANY = "Béranger Fournitures"

TEAMS = ("Nord", "Sud", "Ouest", "Est", "Grands comptes")
UNITS = {
    "Nord": "Industrie",
    "Est": "Industrie",
    "Grands comptes": "Industrie",
    "Sud": "Bâtiment et agro",
    "Ouest": "Bâtiment et agro",
}
MANAGERS = (("Hélène Béranger", ""), ("Philippe Castaing", "Industrie"), ("Sandrine Le Goff", "Bâtiment et agro"))
REPS = (
    ("Claire Delattre", "Nord"),
    ("Mehdi Benali", "Nord"),
    ("Nadia Vasseur", "Nord"),
    ("Julien Moreau", "Sud"),
    ("Camille Roux", "Sud"),
    ("Antoine Fabre", "Sud"),
    ("Marc Le Gall", "Ouest"),
    ("Élodie Morvan", "Ouest"),
    ("Yann Guéguen", "Ouest"),
    ("Sophie Klein", "Est"),
    ("Thomas Muller", "Est"),
    ("Inès Girard", "Est"),
    ("Laurent Chevalier", "Grands comptes"),
    ("Isabelle Fontaine", "Grands comptes"),
)
FORMER_REP = ("Gérard Pons", "Sud")

# postcode, city, fiction phone prefix
CITIES = {
    "Nord": (
        ("59000", "Lille", "03 53 01"), ("59100", "Roubaix", "03 53 01"), ("59200", "Tourcoing", "03 53 01"),
        ("59140", "Dunkerque", "03 53 01"), ("59300", "Valenciennes", "03 53 01"), ("80000", "Amiens", "03 53 01"),
        ("62000", "Arras", "03 53 01"), ("62300", "Lens", "03 53 01"), ("60000", "Beauvais", "03 53 01"),
        ("76000", "Rouen", "02 61 91"), ("76600", "Le Havre", "02 61 91"), ("92230", "Gennevilliers", "01 99 00"),
        ("93200", "Saint-Denis", "01 99 00"), ("95000", "Cergy", "01 99 00"),
    ),
    "Sud": (
        ("13015", "Marseille", "04 65 71"), ("31000", "Toulouse", "05 36 49"), ("34000", "Montpellier", "04 65 71"),
        ("06000", "Nice", "04 65 71"), ("30000", "Nîmes", "04 65 71"), ("66000", "Perpignan", "04 65 71"),
        ("83000", "Toulon", "04 65 71"), ("13100", "Aix-en-Provence", "04 65 71"), ("84000", "Avignon", "04 65 71"),
        ("13270", "Fos-sur-Mer", "04 65 71"), ("34500", "Béziers", "04 65 71"), ("81100", "Castres", "05 36 49"),
        ("82000", "Montauban", "05 36 49"),
    ),
    "Ouest": (
        ("44000", "Nantes", "02 61 91"), ("35000", "Rennes", "02 61 91"), ("29200", "Brest", "02 61 91"),
        ("49000", "Angers", "02 61 91"), ("72000", "Le Mans", "02 61 91"), ("44600", "Saint-Nazaire", "02 61 91"),
        ("56100", "Lorient", "02 61 91"), ("49300", "Cholet", "02 61 91"), ("53000", "Laval", "02 61 91"),
        ("85000", "La Roche-sur-Yon", "02 61 91"), ("29000", "Quimper", "02 61 91"), ("33000", "Bordeaux", "05 36 49"),
        ("17000", "La Rochelle", "05 36 49"), ("79000", "Niort", "05 36 49"),
    ),
    "Est": (
        ("67000", "Strasbourg", "03 53 01"), ("68100", "Mulhouse", "03 53 01"), ("57000", "Metz", "03 53 01"),
        ("54000", "Nancy", "03 53 01"), ("51100", "Reims", "03 53 01"), ("21000", "Dijon", "03 53 01"),
        ("25000", "Besançon", "03 53 01"), ("68000", "Colmar", "03 53 01"), ("10000", "Troyes", "03 53 01"),
        ("69007", "Lyon", "04 65 71"), ("69100", "Villeurbanne", "04 65 71"), ("38000", "Grenoble", "04 65 71"),
        ("42000", "Saint-Étienne", "04 65 71"), ("74000", "Annecy", "04 65 71"),
    ),
}  # fmt: skip
STREETS = (
    "rue de l'Industrie", "avenue de la République", "rue Jean Jaurès", "boulevard Gambetta", "rue Pasteur",
    "zone artisanale des Chênes", "rue Victor Hugo", "avenue du Général de Gaulle", "rue des Forges", "quai de la Gare",
    "chemin du Moulin", "rue Ampère", "allée des Tilleuls", "rue Denis Papin", "parc d'activités de la Plaine",
    "route de Paris", "rue Gustave Eiffel", "impasse des Artisans", "rue du Port", "avenue Jean Monnet",
)  # fmt: skip

# trade, industry
TRADES = (
    ("Ateliers", "Mécanique"), ("Usinage", "Mécanique"), ("Chaudronnerie", "Mécanique"), ("Fonderie", "Métallurgie"),
    ("Tôlerie", "Métallurgie"), ("Forges", "Métallurgie"), ("Laiterie", "Agroalimentaire"),
    ("Conserverie", "Agroalimentaire"), ("Minoterie", "Agroalimentaire"), ("Biscuiterie", "Agroalimentaire"),
    ("Menuiserie", "Bâtiment"), ("Charpentes", "Bâtiment"), ("Constructions", "Bâtiment"), ("Maçonnerie", "Bâtiment"),
    ("Carrières", "Matériaux"), ("Béton", "Matériaux"), ("Scierie", "Matériaux"), ("Plastiques", "Plasturgie"),
    ("Emballages", "Plasturgie"), ("Transports", "Logistique"), ("Logistique", "Logistique"),
    ("Imprimerie", "Papier et imprimerie"), ("Papeterie", "Papier et imprimerie"), ("Maintenance", "Services"),
)  # fmt: skip
LAST_NAMES = (
    "Lefort", "Marchand", "Garnier", "Leroux", "Perrin", "Dumas", "Lacroix", "Bertin", "Renaud", "Masson",
    "Colin", "Vidal", "Aubert", "Carpentier", "Poulain", "Guichard", "Bourdon", "Lemaire", "Rivière", "Brunet",
    "Barbier", "Gilles", "Mallet", "Besson", "Tessier", "Humbert", "Pichon", "Gaillard", "Rousset", "Jacquet",
    "Maillard", "Prévost", "Delmas", "Cordier", "Hamon", "Le Bihan", "Kerleau", "Wagner", "Schmitt", "Meyer",
    "Amrani", "Diallo", "Nguyen", "Ferreira", "Lopez", "Costa", "Kowalski", "Rossi", "Haddad", "Traoré",
    "Blanchard", "Chauvin", "Ducros", "Escande", "Faure", "Gauthier", "Hubert", "Imbert", "Joly", "Lambert",
    "Monnier", "Noël", "Olivier", "Payet", "Quentin", "Robin", "Sabatier", "Thibault", "Vallet", "Weber",
)  # fmt: skip
FIRST_NAMES = (
    "Anne", "Benoît", "Céline", "David", "Émilie", "François", "Gaëlle", "Hugo", "Isabelle", "Jérôme",
    "Karine", "Ludovic", "Mélanie", "Nicolas", "Odile", "Patrick", "Quentin", "Rachida", "Stéphane", "Thérèse",
    "Valérie", "Xavier", "Yasmine", "Zoé", "Christophe", "Aurélie", "Bruno", "Catherine", "Didier", "Fatima",
)  # fmt: skip
SUFFIXES = ("", "& Fils", "SARL", "SAS", "Industrie", "et Associés")
BIG_CUSTOMERS = (
    "Groupe Valmarin", "Aciéries de la Scarpe", "Chantiers Navals Kermadec", "Laiteries Montbrison",
    "Verreries Saint-Aubin", "Construction Ferroviaire Alstène", "Papeteries du Doubs", "Cimenteries Ravel",
)  # fmt: skip
BIG_INDUSTRIES = (
    "Plasturgie", "Métallurgie", "Mécanique", "Agroalimentaire", "Matériaux", "Mécanique", "Papier et imprimerie",
    "Matériaux",
)  # fmt: skip

SEGMENTS = ("Grand compte", "ETI", "PME", "TPE")
SOURCES = ("Site web", "Salon", "Recommandation", "Prospection", "Partenaire", "Achat de fichier")
FAMILIES = (
    "Hydraulique", "Pneumatique", "Roulements", "Visserie", "Outillage", "Protection", "Lubrifiants", "Électricité",
)  # fmt: skip
# names of products of each family, list price in euros of the first year
PRODUCTS = {
    "Hydraulique": (("Pompe à engrenages", 412.0), ("Vérin double effet", 286.5), ("Flexible haute pression", 38.9),
                    ("Distributeur 4/3", 198.0), ("Filtre de retour", 54.2), ("Raccord rapide", 12.75)),
    "Pneumatique": (("Vérin compact", 74.3), ("Électrovanne 5/2", 61.8), ("Régulateur de pression", 46.1),
                    ("Tube polyuréthane", 1.95), ("Compresseur 100 L", 689.0), ("Silencieux", 6.4)),
    "Roulements": (("Roulement à billes 6205", 9.85), ("Roulement à rouleaux", 47.6), ("Palier auto-aligneur", 28.4),
                   ("Courroie trapézoïdale", 14.9), ("Chaîne à rouleaux", 33.5), ("Butée à aiguilles", 7.7)),
    "Visserie": (("Vis CHC M8, boîte de 100", 18.2), ("Écrou frein M10, boîte de 100", 22.6), ("Goujon M16", 2.35),
                 ("Rondelle inox, boîte de 200", 11.4), ("Cheville métallique, boîte de 50", 26.9),
                 ("Tige filetée 1 m", 5.6)),
    "Outillage": (("Perceuse sans fil", 249.0), ("Meuleuse 125 mm", 138.0), ("Foret carbure", 24.8),
                  ("Clé dynamométrique", 119.0), ("Coffret de douilles", 86.5),
                  ("Disque à tronçonner, lot de 25", 42.0)),
    "Protection": (("Chaussures de sécurité", 64.9), ("Gants anti-coupure, lot de 10", 37.5),
                   ("Casque de chantier", 16.2), ("Lunettes de protection", 8.3), ("Harnais antichute", 172.0),
                   ("Masque FFP3, boîte de 20", 44.6)),
    "Lubrifiants": (("Huile hydraulique 20 L", 79.0), ("Graisse lithium 18 kg", 131.0), ("Dégrippant 400 ml", 7.9),
                    ("Fluide de coupe 20 L", 112.0), ("Absorbant 20 kg", 19.3), ("Nettoyant freins 500 ml", 4.8)),
    "Électricité": (("Disjoncteur moteur", 58.7), ("Variateur de fréquence", 534.0), ("Contacteur 25 A", 36.2),
                    ("Câble 3G2,5, couronne de 100 m", 96.0), ("Capteur inductif", 41.5), ("Coffret étanche", 67.4)),
}  # fmt: skip
COST_OF_LIST = {
    "Hydraulique": 66, "Pneumatique": 64, "Roulements": 68, "Visserie": 58, "Outillage": 73, "Protection": 62,
    "Lubrifiants": 70, "Électricité": 69,
}  # fmt: skip

# stage, usual probability, status
STAGES = (
    ("Découverte", 0.10, "open"), ("Qualification", 0.25, "open"), ("Proposition", 0.50, "open"),
    ("Négociation", 0.75, "open"), ("Gagnée", 1.0, "won"), ("Perdue", 0.0, "lost"),
)  # fmt: skip
NEEDS = (
    "Renouveler l'outillage de l'atelier", "Réduire les arrêts de la ligne 2", "Contrat annuel de consommables",
    "Équiper un nouveau site", "Remplacer un fournisseur défaillant", "Mise aux normes de sécurité",
    "Fiabiliser les approvisionnements",
)  # fmt: skip
COMPETITORS = ("Orexia", "Descloux", "Protecfix", "Würmann", "Sidéris")
NEXT_STEPS = ("Envoyer le devis", "Rappeler le décideur", "Planifier une démonstration", "Négocier les remises")
LOST_REASONS = ("Prix", "Délai", "Concurrent en place", "Projet abandonné", "Sans réponse")
LEAD_REASONS = ("Hors cible", "Injoignable", "Pas de budget", "Déjà client", "Faux contact")
LATE_REASONS = ("Client indisponible", "Tournée surchargée", "Rendez-vous à confirmer", "Véhicule en panne")
VISIT_SUBJECTS = ("Visite de suivi", "Point trimestriel", "Présentation de nouveautés", "Visite de prospection")
OUTCOMES = ("Commande", "Devis à faire", "À relancer", "Information", "Sans suite")
REPORTS = (
    "Rencontre avec le responsable achats ; besoin de réassort sous quinze jours.",
    "Visite de l'atelier, deux machines à rééquiper au prochain trimestre.",
    "Le client compare avec un concurrent, revoir les remises sur les volumes.",
    "Satisfait des délais ; demande un catalogue à jour et un tarif 2026.",
    "Réclamation sur une livraison incomplète, transmise au service logistique.",
    "Présentation de la nouvelle gamme, échantillons laissés sur place.",
    "Budget reporté, reprendre contact en début de trimestre.",
    "Accord de principe sur le contrat cadre, devis à envoyer.",
)
MAIL_SUBJECTS = ("Nouveautés du mois", "Votre devis", "Suivi de commande", "Offre d'automne", "Prise de rendez-vous")
TICKET_SUBJECTS = (
    "Livraison incomplète", "Produit défectueux", "Erreur de facturation", "Demande d'avoir", "Retard de livraison",
    "Documentation technique",
)  # fmt: skip
PRIORITIES = ("haute", "normale", "basse")
JOBS = (
    ("Responsable achats", "Achats"), ("Directeur technique", "Technique"), ("Chef d'atelier", "Production"),
    ("Acheteuse", "Achats"), ("Responsable maintenance", "Maintenance"), ("Gérant", "Direction"),
    ("Comptable", "Comptabilité"), ("Magasinier", "Logistique"),
)  # fmt: skip
PLAN_NAMES = (
    "Relance des clients dormants", "Développer {family}", "Conquête {team}", "Contrats cadres",
    "Plan remises {family}", "Fidélisation des meilleurs clients",
)  # fmt: skip
RISKS = ("faible", "moyen", "élevé")
