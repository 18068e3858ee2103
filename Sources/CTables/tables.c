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
