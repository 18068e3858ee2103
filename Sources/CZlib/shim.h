// inflate: the system zlib, which libcurl brings along.
#include <zlib.h>
