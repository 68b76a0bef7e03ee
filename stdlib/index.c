// Embeds the files of stdlib/ (C23 #embed: no generated source, no resource bundle to find at run
// time). A test holds this list equal to what lies in the folder.
#include "StandardLibrary.h"

static const unsigned char compose[] = {
#embed "compose.mdm"
};
static const unsigned char data_table2[] = {
#embed "data/table2.csv"
};
static const unsigned char experiments[] = {
#embed "experiments.mdm"
};
static const unsigned char mixtures[] = {
#embed "mixtures.mdm"
};
static const unsigned char models_mini_config[] = {
#embed "models/mini/config.json"
};
static const unsigned char models_mini_model[] = {
#embed "models/mini/model.safetensors"
};
static const unsigned char models_mini_tokenizer[] = {
#embed "models/mini/tokenizer.json"
};

static const unsigned char recipes_grpo[] = {
#embed "recipes/grpo.mdm"
};
static const unsigned char recipes_mini[] = {
#embed "recipes/mini.mdm"
};
static const unsigned char stats[] = {
#embed "stats.mdm"
};

#define ENTRY(path, bytes) {path, bytes, sizeof bytes}

static const struct standard_library_file files[] = {
    ENTRY("compose.mdm", compose),
    ENTRY("data/table2.csv", data_table2),
    ENTRY("experiments.mdm", experiments),
    ENTRY("mixtures.mdm", mixtures),
    ENTRY("models/mini/config.json", models_mini_config),
    ENTRY("models/mini/model.safetensors", models_mini_model),
    ENTRY("models/mini/tokenizer.json", models_mini_tokenizer),
    ENTRY("recipes/grpo.mdm", recipes_grpo),
    ENTRY("recipes/mini.mdm", recipes_mini),
    ENTRY("stats.mdm", stats),
};

const struct standard_library_file *standard_library_files(size_t *count) {
  *count = sizeof files / sizeof files[0];
  return files;
}
