// Digests, HMAC, constant-time comparison and random bytes: libcrypto's, which libcurl brings along.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
