"""First names that are common where French is spoken: they tell `Furtos Jean` from `Jean Furtos`. Pure."""

FIRST_NAMES = frozenset(
    """abdelkader adeline adèle adélaïde adrien agathe agnès aimé aïcha alain alban albert alexandra
    alexandre alexis alice aline amandine amélie amina aminata ana anaïs anatole andré andrée
    ange angélique annabelle anne annette annick annie anthony antoine antoinette antonin
    antonio ariane arlette armelle arnaud arthur astrid aude audrey aurélie aurélien aurore axel
    aymeric barbara bastien benjamin benoît bernadette bernard bertrand béatrice bénédicte
    bérangère bérénice blandine boris brigitte bruno camille capucine carine carole caroline
    catherine cécile cédric céline chantal charles charlène charlotte chloé christel christelle
    christian christiane christine christophe claire clara claude claudine clélia clémence
    clément clotilde colette coralie corinne cynthia cyril cyrille damien daniel danielle
    danièle david delphin delphine denis denise denys déborah diane didier dimitri dolorès
    dominique dorian dorothée edmond edwige eliane elisabeth eloïse elsa emeline emma emmanuel
    emmanuelle ernest erwan erwann esteban estelle esther eugène eugénie eva evelyne ève édith
    édouard éléonore éliane élisa élisabeth élise élodie éloïse émile émilie éric étienne
    évelyne fabien fabienne fabrice fanny farid fatiha fatima faustine fernand félix flavie
    flora florence florent florian floriane france francesca francine francis franck françois
    françoise frédéric frédérique gabriel gabrielle gaël gaëlle gaëtan gaston geneviève geoffrey
    george georges georgette germaine gérald géraldine gérard ghislaine gilbert gilberte gilles
    ginette giovanni gisèle gladys grégoire grégory guillaume gustave guy gwenaël gwenaëlle
    gwendoline gwenola habib hakim hamid hannah hassan henri henriette hervé hélène héloïse
    hortense hubert hugo hugues huguette ibrahim inès ingrid irène isabelle isaure ivan
    jacqueline jacques jade jamel jamila janine jean jeanne jeannine jennifer jessica jérémie
    jérémy jérôme joachim joël joëlle johanna jonathan joseline joseph josette josé josée
    josiane judicaël judith jules julia julie julien julienne juliette justine karim karima
    karine katell katia kevin khadija kheira laetitia larissa laura laure laurence laurent
    laurette laurène laurie leïla leslie léa léna léo léon léonie léopold lilian liliane linda
    lionel lisa lise loïc lorraine louis louise luc lucas lucette lucie lucien lucienne lucile
    lucille ludivine ludovic luisa lydia lydie madeleine maël maëlle magali magdalena maïté
    malika mamadou manon manuel marc marcel marceline marcelle margaux margot marguerite maria
    mariam marianne marie marielle marika marine marion marjorie marlène marthe martial martin
    martine mathias mathieu mathilde matthieu maud maurice mauricette max maxence maxime mehdi
    mélanie mélina mélissa michaël michel micheline michèle mickael mickaël mireille mohamed
    monica monika monique morgane mouloud muriel murielle mustapha myriam nabil nadège nadia
    nadine naïma nancy natacha natalia nathalie nathan nelly nicolas nicole ninon noémie noël
    noëlle nora norbert océane odette odile olga olivia olivier ophélie oriane oscar ousmane
    pamela paola pascal pascale patrice patricia patrick paul paule paulette pauline perrine
    philippe philippine pierre pierrette pierrick pierrine quentin quitterie rachel rachid
    rafael raoul raphaël raphaëlle raymond raymonde renaud rené renée régine régis rémi rémy
    richard robert roberte rodolphe roger roland rolande romain romuald ronan rosa rosalie rose
    roselyne rosine roxane rozenn sabine sabrina saïda salima samia samir samira samuel sandra
    sandrine sandy sara sarah saskia serge servane sébastien ségolène séverine sibylle sidonie
    silvia simon simone sofia soizic solange solenn solène soline sonia sophie soraya souad
    stella steve stéphan stéphane stéphanie susan susanne suzanne suzel sylvain sylvaine
    sylvette sylvia sylviane sylvie tanguy tania tatiana teresa théo théodore théophile thérèse
    thibault thierry thomas timothée tiphaine tristan ugo ursula valentin valentina valentine
    valérie vanessa vera véronique vianney victor victoria vincent violaine virginie viviane
    vivien vladimir walter wanda wilfried william xavier yacine yaël yann yannick yannis yasmina
    yasmine yoann yohan yolaine yolande youssef yves yvette yvon yvonne zoé zohra""".split()  # noqa: SIM905 - words, not code
)
