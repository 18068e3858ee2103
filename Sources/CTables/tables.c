#include "CTables.h"

// Each file becomes one constant array: the program maps it, nothing is built at start.

static const unsigned char envelope_schema[] = {
#embed "../../deploy/schema/envelope.schema.json"
};

ctables_file ctables_envelope_schema(void) {
    return (ctables_file){envelope_schema, sizeof envelope_schema};
}

static const unsigned char language_model[] = {
#embed "data/language-model.bin"
};

ctables_file ctables_language_model(void) {
    return (ctables_file){language_model, sizeof language_model};
}

static const unsigned char config_schema[] = {
#embed "../../deploy/schema/config.schema.json"
};

ctables_file ctables_config_schema(void) {
    return (ctables_file){config_schema, sizeof config_schema};
}

static const unsigned char urgency[] = {
#embed "data/urgency.bin"
};

ctables_file ctables_urgency(void) {
    return (ctables_file){urgency, sizeof urgency};
}

static const unsigned char phone_regions[] = {
#embed "data/phone-regions.tsv"
};

ctables_file ctables_phone_regions(void) {
    return (ctables_file){phone_regions, sizeof phone_regions};
}

static const unsigned char seed_words[] = {
#embed "data/seed-words.bin"
};

ctables_file ctables_seed_words(void) {
    return (ctables_file){seed_words, sizeof seed_words};
}

static const unsigned char topics[] = {
#embed "data/topics.bin"
};

ctables_file ctables_topics(void) {
    return (ctables_file){topics, sizeof topics};
}

static const unsigned char facts[] = {
#embed "data/facts.tsv"
};

static const unsigned char disclaimers[] = {
#embed "data/disclaimers.tsv"
};

ctables_file ctables_disclaimers(void) {
    return (ctables_file){disclaimers, sizeof disclaimers};
}

static const unsigned char attachment_roles[] = {
#embed "data/attachment-roles.tsv"
};

ctables_file ctables_attachment_roles(void) {
    return (ctables_file){attachment_roles, sizeof attachment_roles};
}

ctables_file ctables_facts(void) {
    return (ctables_file){facts, sizeof facts};
}
