// SHA256_Init and its kin are marked as deprecated in favour of EVP, whose start costs a short-lived process 0.8 ms.
#define OPENSSL_SUPPRESS_DEPRECATED
// Digests, HMAC, constant-time comparison and random bytes: libcrypto's, which libcurl brings along.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
