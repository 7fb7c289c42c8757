"""First names that are common where French is spoken: they tell `Furtos Jean` from `Jean Furtos`. Pure."""

FIRST_NAMES = frozenset(
    """adèle adrien agnès aïcha aimé alain albert alexandra alexandre alexis alice aline amélie aminata
    ana anaïs andré andrée ange angélique anne annick annie anthony antoine antoinette ariane arnaud
    arthur astrid aude audrey aurélie aurélien aurore axel barbara bastien béatrice benjamin benoît
    bérangère bernadette bernard bertrand blandine brigitte bruno camille carine carole caroline
    catherine cécile cédric céline chantal charles charlotte chloé christel christelle christian
    christiane christine christophe claire clara claude claudine clémence clément clotilde colette
    coralie corinne cyril cyrille damien daniel danièle danielle david delphine denis denise didier
    dominique dorothée édith édouard eliane élisa elisabeth élisabeth élise élodie éloïse emeline
    émile émilie emma emmanuel emmanuelle éric ernest estelle esther étienne eugène eva ève fabien
    fabienne fabrice fanny fatima félix fernand flora florence florent florian france francine francis
    franck françois françoise frédéric frédérique gabriel gabrielle gaël gaëlle gaëtan geneviève
    geoffrey george georges gérald géraldine gérard ghislaine gilbert gilles ginette gisèle grégoire
    grégory guillaume gustave guy gwenaëlle hakim hassan hélène henri henriette hervé hubert hugo
    hugues ibrahim inès ingrid irène isabelle jacqueline jacques jade jamel janine jean jeanne
    jeannine jennifer jérémie jérémy jérôme joël joëlle johanna jonathan joseph josette josiane judith
    jules julia julie julien juliette justine karim karima karine katia khadija kevin laetitia laura
    laure laurence laurent léa leïla léo léon léonie leslie lionel lisa lise loïc louis louise luc
    lucas lucie lucien lucile lucille ludovic lydia lydie madeleine magali malika manon manuel marc
    marcel marceline marcelle margaux margot marguerite maria mariam marianne marie marielle marine
    marion marjorie marlène martial martin martine mathieu mathilde matthieu maud maurice max maxime
    mehdi mélanie mélissa michel michèle micheline mickaël mireille mohamed monique morgane muriel
    murielle myriam nadège nadia nadine nancy natacha nathalie nicolas nicole noël noémie nora norbert
    odette odile olivier oscar paola pascal pascale patrice patricia patrick paul paule pauline
    philippe pierre pierrette pierrine quentin rachel rachid raoul raphaël raphaëlle raymond raymonde
    régine régis rémi rémy renaud rené renée richard robert rodolphe roger roland romain rosa rose
    roxane sabine sabrina salima samia samir samuel sandra sandrine sara sarah sébastien serge
    séverine sibylle simon simone solange solène sonia sophie stéphane stéphanie steve suzanne suzel
    sylvain sylvaine sylvia sylvie tatiana théo théodore thérèse thibault thierry thomas timothée ugo
    valentin valentine valérie vanessa véronique victor victoria vincent violaine virginie viviane
    vladimir walter william xavier yann yannick yasmina yolande yves yvette yvon yvonne zoé""".split()  # noqa: SIM905 - words, not code
)
