// What Gatehouse asks of libcurl; this file is the full list of it.
//
// libcurl is loaded when the first connection is made, not when the program starts: Debian's brings some thirty libraries along,
// and a process that takes in one message would spend a third of its time on them.
//
// Swift can't import the variadic curl_easy_setopt and curl_easy_getinfo. Each option we use has one function here, with the
// C type that the option takes, so a wrong pairing doesn't compile.
#pragma once
#include <curl/curl.h>

/// Loads libcurl and starts it. Call it once, before all else, from one thread.
///
/// - Returns: NULL, or what the loader says of the library or function that is missing.
const char *ccurl_load(void);

/// The functions of libcurl, as its own header declares them.
#define CCURL_FUNCTIONS(X) \
    X(global_init) X(easy_init) X(easy_cleanup) X(easy_reset) X(easy_perform) X(easy_send) X(easy_recv) X(easy_setopt) X(easy_getinfo) \
    X(easy_strerror) X(slist_append) X(slist_free_all) X(multi_init) X(multi_cleanup) X(multi_add_handle) X(multi_remove_handle) \
    X(multi_perform) X(multi_poll) X(multi_info_read) X(multi_setopt) X(multi_strerror) \
    X(multi_socket_action)

// Its macros would check our pointers' arguments by name.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define CCURL_MEMBER(name) __typeof__(curl_##name) *name;
/// Filled by `ccurl_load`.
extern struct ccurl_library { CCURL_FUNCTIONS(CCURL_MEMBER) } ccurl;
#undef CCURL_MEMBER

typedef size_t (*ccurl_data_callback)(char *bytes, size_t one, size_t count, void *context);
typedef int (*ccurl_seek_callback)(void *context, curl_off_t offset, int origin);

// Request
static inline CURLcode ccurl_set_url(CURL *h, const char *url) { return ccurl.easy_setopt(h, CURLOPT_URL, url); }
static inline CURLcode ccurl_set_headers(CURL *h, struct curl_slist *list) { return ccurl.easy_setopt(h, CURLOPT_HTTPHEADER, list); }
static inline CURLcode ccurl_set_user_agent(CURL *h, const char *name) { return ccurl.easy_setopt(h, CURLOPT_USERAGENT, name); }
static inline CURLcode ccurl_set_get(CURL *h) { return ccurl.easy_setopt(h, CURLOPT_HTTPGET, 1L); }
static inline CURLcode ccurl_set_post(CURL *h) { return ccurl.easy_setopt(h, CURLOPT_POST, 1L); }
static inline CURLcode ccurl_set_method(CURL *h, const char *name) { return ccurl.easy_setopt(h, CURLOPT_CUSTOMREQUEST, name); }
static inline CURLcode ccurl_set_body_size(CURL *h, curl_off_t count) { return ccurl.easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, count); }
static inline CURLcode ccurl_set_http_1_1(CURL *h) { return ccurl.easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); }

// Callbacks; one context serves all of them
static inline CURLcode ccurl_set_body_source(CURL *h, ccurl_data_callback read, ccurl_seek_callback seek, void *context) {
    CURLcode code = ccurl.easy_setopt(h, CURLOPT_READFUNCTION, read);
    if (!code) code = ccurl.easy_setopt(h, CURLOPT_READDATA, context);
    if (!code) code = ccurl.easy_setopt(h, CURLOPT_SEEKFUNCTION, seek);
    return code ? code : ccurl.easy_setopt(h, CURLOPT_SEEKDATA, context);
}
static inline CURLcode ccurl_set_body(CURL *h, const void *bytes) { return ccurl.easy_setopt(h, CURLOPT_POSTFIELDS, bytes); }
// Called before each time that libcurl sends the request
static inline CURLcode ccurl_set_begin(CURL *h, curl_prereq_callback begin, void *context) {
    CURLcode code = ccurl.easy_setopt(h, CURLOPT_PREREQFUNCTION, begin);
    return code ? code : ccurl.easy_setopt(h, CURLOPT_PREREQDATA, context);
}
static inline CURLcode ccurl_set_sinks(CURL *h, ccurl_data_callback header, ccurl_data_callback body, void *context) {
    CURLcode code = ccurl.easy_setopt(h, CURLOPT_HEADERFUNCTION, header);
    if (!code) code = ccurl.easy_setopt(h, CURLOPT_HEADERDATA, context);
    if (!code) code = ccurl.easy_setopt(h, CURLOPT_WRITEFUNCTION, body);
    return code ? code : ccurl.easy_setopt(h, CURLOPT_WRITEDATA, context);
}

// Bounds
static inline CURLcode ccurl_set_timeout_ms(CURL *h, long ms) { return ccurl.easy_setopt(h, CURLOPT_TIMEOUT_MS, ms); }
static inline CURLcode ccurl_set_connect_timeout_ms(CURL *h, long ms) { return ccurl.easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, ms); }
static inline CURLcode ccurl_set_http_only(CURL *h) { return ccurl.easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https"); }
static inline CURLcode ccurl_set_no_redirects(CURL *h) { return ccurl.easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L); }
static inline CURLcode ccurl_set_no_signal(CURL *h) { return ccurl.easy_setopt(h, CURLOPT_NOSIGNAL, 1L); }
static inline CURLcode ccurl_set_error_buffer(CURL *h, char *buffer) { return ccurl.easy_setopt(h, CURLOPT_ERRORBUFFER, buffer); }

// TLS
static inline CURLcode ccurl_set_verified_tls(CURL *h) {
    CURLcode code = ccurl.easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
    if (!code) code = ccurl.easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
    return code ? code : ccurl.easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}
static inline CURLcode ccurl_set_ca_file(CURL *h, const char *path) { return ccurl.easy_setopt(h, CURLOPT_CAINFO, path); }
static inline CURLcode ccurl_set_client_certificate(CURL *h, const char *path) { return ccurl.easy_setopt(h, CURLOPT_SSLCERT, path); }
static inline CURLcode ccurl_set_client_key(CURL *h, const char *path) { return ccurl.easy_setopt(h, CURLOPT_SSLKEY, path); }
static inline CURLcode ccurl_set_client_key_password(CURL *h, const char *word) { return ccurl.easy_setopt(h, CURLOPT_KEYPASSWD, word); }

// Proxy
static inline CURLcode ccurl_set_proxy(CURL *h, const char *url) { return ccurl.easy_setopt(h, CURLOPT_PROXY, url); }
static inline CURLcode ccurl_set_proxy_user(CURL *h, const char *name, const char *word) {
    CURLcode code = ccurl.easy_setopt(h, CURLOPT_PROXYUSERNAME, name);
    return code ? code : ccurl.easy_setopt(h, CURLOPT_PROXYPASSWORD, word);
}

// Answers
static inline CURLcode ccurl_get_status(CURL *h, long *status) { return ccurl.easy_getinfo(h, CURLINFO_RESPONSE_CODE, status); }
static inline CURLcode ccurl_get_sent_size(CURL *h, long *count) { return ccurl.easy_getinfo(h, CURLINFO_REQUEST_SIZE, count); }
static inline CURLcode ccurl_get_total_time(CURL *h, curl_off_t *us) { return ccurl.easy_getinfo(h, CURLINFO_TOTAL_TIME_T, us); }
static inline CURLcode ccurl_get_pretransfer_time(CURL *h, curl_off_t *us) { return ccurl.easy_getinfo(h, CURLINFO_PRETRANSFER_TIME_T, us); }

// A connection over which we speak ourselves
static inline CURLcode ccurl_set_connect_only(CURL *h) { return ccurl.easy_setopt(h, CURLOPT_CONNECT_ONLY, 1L); }
static inline CURLcode ccurl_set_mail_only(CURL *h) { return ccurl.easy_setopt(h, CURLOPT_PROTOCOLS_STR, "imap,imaps,pop3,pop3s"); }
static inline CURLcode ccurl_set_start_tls(CURL *h) { return ccurl.easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL); }
static inline CURLcode ccurl_get_socket(CURL *h, curl_socket_t *socket) { return ccurl.easy_getinfo(h, CURLINFO_ACTIVESOCKET, socket); }
static inline int ccurl_is_encrypted(CURL *h) {
    struct curl_tlssessioninfo *session = NULL;
    return !ccurl.easy_getinfo(h, CURLINFO_TLS_SSL_PTR, &session) && session && session->internals;
}

// Many at once. The callbacks say what libcurl waits for; NULL for none.
static inline CURLMcode ccurl_set_waits(CURLM *m, curl_socket_callback on_socket, curl_multi_timer_callback on_timer, void *context) {
    CURLMcode code = ccurl.multi_setopt(m, CURLMOPT_SOCKETFUNCTION, on_socket);
    if (!code) code = ccurl.multi_setopt(m, CURLMOPT_SOCKETDATA, context);
    if (!code) code = ccurl.multi_setopt(m, CURLMOPT_TIMERFUNCTION, on_timer);
    return code ? code : ccurl.multi_setopt(m, CURLMOPT_TIMERDATA, context);
}
static inline CURLMcode ccurl_set_connection_cache(CURLM *m, long count) { return ccurl.multi_setopt(m, CURLMOPT_MAXCONNECTS, count); }
static inline CURLcode ccurl_message_result(const CURLMsg *message) { return message->data.result; }

// As they are
static inline CURL *ccurl_easy_init(void) { return ccurl.easy_init(); }
static inline void ccurl_easy_cleanup(CURL *h) { ccurl.easy_cleanup(h); }
static inline void ccurl_easy_reset(CURL *h) { ccurl.easy_reset(h); }
static inline CURLcode ccurl_easy_perform(CURL *h) { return ccurl.easy_perform(h); }
static inline CURLcode ccurl_easy_send(CURL *h, const void *bytes, size_t count, size_t *sent) { return ccurl.easy_send(h, bytes, count, sent); }
static inline CURLcode ccurl_easy_recv(CURL *h, void *bytes, size_t room, size_t *count) { return ccurl.easy_recv(h, bytes, room, count); }
static inline const char *ccurl_easy_strerror(CURLcode code) { return ccurl.easy_strerror(code); }
static inline struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *line) { return ccurl.slist_append(list, line); }
static inline void ccurl_slist_free_all(struct curl_slist *list) { ccurl.slist_free_all(list); }
static inline CURLM *ccurl_multi_init(void) { return ccurl.multi_init(); }
static inline void ccurl_multi_cleanup(CURLM *m) { ccurl.multi_cleanup(m); }
static inline CURLMcode ccurl_multi_add_handle(CURLM *m, CURL *h) { return ccurl.multi_add_handle(m, h); }
static inline CURLMcode ccurl_multi_remove_handle(CURLM *m, CURL *h) { return ccurl.multi_remove_handle(m, h); }
static inline CURLMcode ccurl_multi_perform(CURLM *m, int *running) { return ccurl.multi_perform(m, running); }
// Waits for one more descriptor besides libcurl's own
static inline CURLMcode ccurl_multi_poll(CURLM *m, curl_socket_t other, int ms) {
    struct curl_waitfd wait = { .fd = other, .events = CURL_WAIT_POLLIN };
    return ccurl.multi_poll(m, &wait, 1, ms, NULL);
}
static inline CURLMcode ccurl_multi_socket_action(CURLM *m, curl_socket_t socket, int events) {
    int running = 0;
    return ccurl.multi_socket_action(m, socket, events, &running);
}
static inline CURLMsg *ccurl_multi_info_read(CURLM *m, int *left) { return ccurl.multi_info_read(m, left); }
static inline const char *ccurl_multi_strerror(CURLMcode code) { return ccurl.multi_strerror(code); }
