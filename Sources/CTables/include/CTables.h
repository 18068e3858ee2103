// Files embedded in the program as they stand in the repository.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const unsigned char *_Nonnull bytes;
    size_t count;
} ctables_file;

/// deploy/schema/envelope.schema.json
ctables_file ctables_envelope_schema(void);
/// deploy/schema/config.schema.json
ctables_file ctables_config_schema(void);

/// data/language-model.bin, made by `train-language`
ctables_file ctables_language_model(void);

/// data/urgency.bin, made by `compile-rules` from data/urgency/*.tsv and data/urgency-rules.tsv
ctables_file ctables_urgency(void);

/// data/topics.bin, made by `compile-rules` from data/topics/*.tsv
ctables_file ctables_topics(void);

/// data/facts.tsv
ctables_file ctables_facts(void);

/// data/disclaimers.tsv
ctables_file ctables_disclaimers(void);

/// data/attachment-roles.tsv
ctables_file ctables_attachment_roles(void);

/// Sources/CTables/data/phone-regions.tsv
ctables_file ctables_phone_regions(void);

/// data/seed-words.bin, made by data/make-seed-words.py
ctables_file ctables_seed_words(void);

/// The files of deploy/presets, in the order of the manual: how many, and each by its index.
long ctables_preset_count(void);
/// The file's name without its ending.
const char *_Nonnull ctables_preset_name(long index);
ctables_file ctables_preset(long index);

#ifdef __cplusplus
}
#endif
