#include "CCurl.h"

#include <dlfcn.h>

struct ccurl_library ccurl;

// The name under which every Linux has it since 2006; its functions are never taken away within it.
static const char library[] = "libcurl.so.4";

#define FIND(name) \
    if (!(ccurl.name = (__typeof__(curl_##name) *)dlsym(handle, "curl_" #name))) return dlerror();

const char *ccurl_load(void) {
    // Never closed: its own libraries leave handlers behind for the end of the process.
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return dlerror();
    CCURL_FUNCTIONS(FIND)
    return ccurl.global_init(CURL_GLOBAL_DEFAULT) ? "libcurl did not start" : NULL;
}
