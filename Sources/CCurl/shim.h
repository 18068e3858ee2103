// Swift can't import the variadic curl_easy_setopt and curl_easy_getinfo.
// Each option we use has one function here, with the C type that the option takes,
// so a wrong pairing doesn't compile. This file is the full list of what we ask of libcurl.
#include <curl/curl.h>
