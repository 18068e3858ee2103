// Swift can't import the variadic curl_easy_setopt and curl_easy_getinfo.
// Each option we use has one function here, with the C type that the option takes,
// so a wrong pairing doesn't compile. This file is the full list of what we ask of libcurl.
#include <curl/curl.h>

typedef size_t (*ccurl_data_callback)(char *bytes, size_t one, size_t count, void *context);
typedef int (*ccurl_seek_callback)(void *context, curl_off_t offset, int origin);

// Request
static inline CURLcode ccurl_set_url(CURL *h, const char *url) { return curl_easy_setopt(h, CURLOPT_URL, url); }
static inline CURLcode ccurl_set_headers(CURL *h, struct curl_slist *list) { return curl_easy_setopt(h, CURLOPT_HTTPHEADER, list); }
static inline CURLcode ccurl_set_user_agent(CURL *h, const char *name) { return curl_easy_setopt(h, CURLOPT_USERAGENT, name); }
static inline CURLcode ccurl_set_get(CURL *h) { return curl_easy_setopt(h, CURLOPT_HTTPGET, 1L); }
static inline CURLcode ccurl_set_post(CURL *h) { return curl_easy_setopt(h, CURLOPT_POST, 1L); }
static inline CURLcode ccurl_set_method(CURL *h, const char *name) { return curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, name); }
static inline CURLcode ccurl_set_body_size(CURL *h, curl_off_t count) { return curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, count); }
static inline CURLcode ccurl_set_http_1_1(CURL *h) { return curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); }

// Callbacks; one context serves all of them
static inline CURLcode ccurl_set_body_source(CURL *h, ccurl_data_callback read, ccurl_seek_callback seek, void *context) {
    CURLcode code = curl_easy_setopt(h, CURLOPT_READFUNCTION, read);
    if (!code) code = curl_easy_setopt(h, CURLOPT_READDATA, context);
    if (!code) code = curl_easy_setopt(h, CURLOPT_SEEKFUNCTION, seek);
    return code ? code : curl_easy_setopt(h, CURLOPT_SEEKDATA, context);
}
static inline CURLcode ccurl_set_body(CURL *h, const void *bytes) { return curl_easy_setopt(h, CURLOPT_POSTFIELDS, bytes); }
// Called before each time that libcurl sends the request
static inline CURLcode ccurl_set_begin(CURL *h, curl_prereq_callback begin, void *context) {
    CURLcode code = curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, begin);
    return code ? code : curl_easy_setopt(h, CURLOPT_PREREQDATA, context);
}
static inline CURLcode ccurl_set_sinks(CURL *h, ccurl_data_callback header, ccurl_data_callback body, void *context) {
    CURLcode code = curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, header);
    if (!code) code = curl_easy_setopt(h, CURLOPT_HEADERDATA, context);
    if (!code) code = curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, body);
    return code ? code : curl_easy_setopt(h, CURLOPT_WRITEDATA, context);
}

// Bounds
static inline CURLcode ccurl_set_timeout_ms(CURL *h, long ms) { return curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, ms); }
static inline CURLcode ccurl_set_connect_timeout_ms(CURL *h, long ms) { return curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, ms); }
static inline CURLcode ccurl_set_http_only(CURL *h) { return curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https"); }
static inline CURLcode ccurl_set_no_redirects(CURL *h) { return curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L); }
static inline CURLcode ccurl_set_no_signal(CURL *h) { return curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L); }
static inline CURLcode ccurl_set_error_buffer(CURL *h, char *buffer) { return curl_easy_setopt(h, CURLOPT_ERRORBUFFER, buffer); }

// TLS
static inline CURLcode ccurl_set_verified_tls(CURL *h) {
    CURLcode code = curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
    if (!code) code = curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
    return code ? code : curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}
static inline CURLcode ccurl_set_ca_file(CURL *h, const char *path) { return curl_easy_setopt(h, CURLOPT_CAINFO, path); }
static inline CURLcode ccurl_set_client_certificate(CURL *h, const char *path) { return curl_easy_setopt(h, CURLOPT_SSLCERT, path); }
static inline CURLcode ccurl_set_client_key(CURL *h, const char *path) { return curl_easy_setopt(h, CURLOPT_SSLKEY, path); }
static inline CURLcode ccurl_set_client_key_password(CURL *h, const char *word) { return curl_easy_setopt(h, CURLOPT_KEYPASSWD, word); }

// Proxy
static inline CURLcode ccurl_set_proxy(CURL *h, const char *url) { return curl_easy_setopt(h, CURLOPT_PROXY, url); }
static inline CURLcode ccurl_set_proxy_user(CURL *h, const char *name, const char *word) {
    CURLcode code = curl_easy_setopt(h, CURLOPT_PROXYUSERNAME, name);
    return code ? code : curl_easy_setopt(h, CURLOPT_PROXYPASSWORD, word);
}

// Answers
static inline CURLcode ccurl_get_status(CURL *h, long *status) { return curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, status); }
static inline CURLcode ccurl_get_sent_size(CURL *h, long *count) { return curl_easy_getinfo(h, CURLINFO_REQUEST_SIZE, count); }
static inline CURLcode ccurl_get_redirect_url(CURL *h, char **url) { return curl_easy_getinfo(h, CURLINFO_REDIRECT_URL, url); }
static inline CURLcode ccurl_get_total_time(CURL *h, curl_off_t *us) { return curl_easy_getinfo(h, CURLINFO_TOTAL_TIME_T, us); }
static inline CURLcode ccurl_get_pretransfer_time(CURL *h, curl_off_t *us) { return curl_easy_getinfo(h, CURLINFO_PRETRANSFER_TIME_T, us); }

// A connection over which we speak ourselves (IMAP, POP3)
static inline CURLcode ccurl_set_connect_only(CURL *h) { return curl_easy_setopt(h, CURLOPT_CONNECT_ONLY, 1L); }
static inline CURLcode ccurl_set_mail_only(CURL *h) { return curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "imap,imaps,pop3,pop3s"); }
static inline CURLcode ccurl_set_start_tls(CURL *h) { return curl_easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL); }
static inline CURLcode ccurl_get_socket(CURL *h, curl_socket_t *socket) { return curl_easy_getinfo(h, CURLINFO_ACTIVESOCKET, socket); }
static inline int ccurl_is_encrypted(CURL *h) {
    struct curl_tlssessioninfo *session = NULL;
    return !curl_easy_getinfo(h, CURLINFO_TLS_SSL_PTR, &session) && session && session->internals;
}

// Many at once
static inline CURLMcode ccurl_set_connection_cache(CURLM *m, long count) { return curl_multi_setopt(m, CURLMOPT_MAXCONNECTS, count); }
static inline CURLcode ccurl_message_result(const CURLMsg *message) { return message->data.result; }
