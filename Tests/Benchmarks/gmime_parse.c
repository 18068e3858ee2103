// The peer of `gatehouse parse` in C, on GMime 3: reads mails, decodes texts and attachments, takes the SHA-256 of each mail
// and of each attachment, and writes a JSON object a line. Usage: gmime-parse FILE…
//
// It does less: no HTML to text, no replies split, no keys, no language and no urgency.
#include <gmime/gmime.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static GString *out;

static void put_text(const char *text, gsize length) {
    static const char digits[] = "0123456789abcdef";
    char *valid = g_utf8_validate_len(text, length, NULL) ? NULL : g_utf8_make_valid(text, length);
    const unsigned char *byte = (const unsigned char *)(valid ? valid : text);
    const unsigned char *end = byte + (valid ? strlen(valid) : length);
    g_string_append_c(out, '"');
    while (byte < end) {
        const unsigned char *plain = byte;
        while (byte < end && *byte >= 0x20 && *byte != '"' && *byte != '\\') byte++;
        g_string_append_len(out, (const char *)plain, byte - plain);
        if (byte == end) break;
        if (*byte == '\n') {
            g_string_append(out, "\\n");
        } else if (*byte >= 0x20) {
            g_string_append_c(out, '\\');
            g_string_append_c(out, (char)*byte);
        } else if (*byte != '\r') {
            char escape[] = {'\\', 'u', '0', '0', digits[*byte >> 4], digits[*byte & 15]};
            g_string_append_len(out, escape, sizeof escape);
        }
        byte++;
    }
    g_string_append_c(out, '"');
    g_free(valid);
}

static void put_member(const char *key, const char *value) {
    if (value == NULL) return;
    g_string_append_printf(out, ",\"%s\":", key);
    put_text(value, strlen(value));
}

static void put_digest(const unsigned char *bytes, gsize length) {
    unsigned char digest[32];
    EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL);
    g_string_append(out, "\"sha256\":\"");
    for (int index = 0; index < 32; index++) g_string_append_printf(out, "%02x", digest[index]);
    g_string_append_printf(out, "\",\"size\":%zu", (size_t)length);
}

static void put_addresses(const char *key, InternetAddressList *list) {
    if (list == NULL || internet_address_list_length(list) == 0) return;
    g_string_append_printf(out, ",\"%s\":[", key);
    gboolean first = TRUE;
    for (int index = 0; index < internet_address_list_length(list); index++) {
        InternetAddress *one = internet_address_list_get_address(list, index);
        if (!INTERNET_ADDRESS_IS_MAILBOX(one)) continue;
        g_string_append(out, first ? "{\"k\":0" : ",{\"k\":0");
        put_member("name", internet_address_get_name(one));
        put_member("email", internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)));
        g_string_append_c(out, '}');
        first = FALSE;
    }
    g_string_append_c(out, ']');
}

struct parts {
    GMimeObject *plain, *html;
    GPtrArray *attachments;
};

static void sort_part(GMimeObject *parent, GMimeObject *part, gpointer context) {
    struct parts *parts = context;
    (void)parent;
    if (GMIME_IS_MULTIPART(part)) return;
    if (GMIME_IS_TEXT_PART(part) && !(GMIME_IS_PART(part) && g_mime_part_is_attachment(GMIME_PART(part)))) {
        GMimeContentType *type = g_mime_object_get_content_type(part);
        GMimeObject **place = g_mime_content_type_is_type(type, "text", "html") ? &parts->html : &parts->plain;
        if (*place == NULL) {
            *place = part;
            return;
        }
    }
    g_ptr_array_add(parts->attachments, part);
}

static void put_attachment(GMimeObject *part) {
    GMimeStream *memory = g_mime_stream_mem_new();
    if (GMIME_IS_PART(part)) {
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
        if (content) g_mime_data_wrapper_write_to_stream(content, memory);
    } else if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        if (inner) g_mime_object_write_to_stream(GMIME_OBJECT(inner), NULL, memory);
    }
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
    g_string_append_c(out, '{');
    put_digest(bytes->data, bytes->len);
    if (GMIME_IS_PART(part)) put_member("name", g_mime_part_get_filename(GMIME_PART(part)));
    char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part));
    put_member("media_type", type);
    put_member("content_id", g_mime_object_get_content_id(part));
    g_free(type);
    g_string_append_c(out, '}');
    g_object_unref(memory);
}

static void put_part_text(const char *key, GMimeObject *part) {
    char *text = part ? g_mime_text_part_get_text(GMIME_TEXT_PART(part)) : NULL;
    put_member(key, text);
    g_free(text);
}

static void put_message(GMimeMessage *message, const unsigned char *bytes, gsize length) {
    g_string_append_c(out, '{');
    put_digest(bytes, length);
    put_addresses("from", g_mime_message_get_from(message));
    put_addresses("to", g_mime_message_get_to(message));
    put_addresses("cc", g_mime_message_get_cc(message));
    put_addresses("reply_to", g_mime_message_get_reply_to(message));
    put_member("subject", g_mime_message_get_subject(message));
    put_member("message_id", g_mime_message_get_message_id(message));
    GDateTime *date = g_mime_message_get_date(message);
    if (date) {
        char *written = g_date_time_format_iso8601(date);
        put_member("sent_at", written);
        g_free(written);
    }
    const char *fields[] = {"References", "In-Reply-To"};
    for (int index = 0; index < 2; index++) {
        const char *value = g_mime_object_get_header(GMIME_OBJECT(message), fields[index]);
        GMimeReferences *ids = value ? g_mime_references_parse(NULL, value) : NULL;
        for (int id = 0; ids && id < g_mime_references_length(ids); id++) {
            put_member(fields[index], g_mime_references_get_message_id(ids, id));
        }
        if (ids) g_mime_references_free(ids);
    }
    struct parts parts = {NULL, NULL, g_ptr_array_new()};
    GMimeObject *root = g_mime_message_get_mime_part(message);
    // What g_mime_message_foreach does would go into the mails that are attached.
    if (root && GMIME_IS_MULTIPART(root)) {
        g_mime_multipart_foreach(GMIME_MULTIPART(root), sort_part, &parts);
    } else if (root) {
        sort_part(NULL, root, &parts);
    }
    put_part_text("text", parts.plain);
    put_part_text("html", parts.html);
    g_string_append(out, ",\"attachments\":[");
    for (guint index = 0; index < parts.attachments->len; index++) {
        if (index > 0) g_string_append_c(out, ',');
        put_attachment(g_ptr_array_index(parts.attachments, index));
    }
    g_string_append(out, "]}\n");
    g_ptr_array_free(parts.attachments, TRUE);
}

int main(int count, char **words) {
    g_mime_init();
    out = g_string_sized_new(1 << 20);
    for (int index = 1; index < count; index++) {
        char *bytes = NULL;
        gsize length = 0;
        if (!g_file_get_contents(words[index], &bytes, &length, NULL)) return 1;
        GMimeStream *memory = g_mime_stream_mem_new_with_buffer(bytes, length);
        GMimeParser *parser = g_mime_parser_new_with_stream(memory);
        GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
        if (message) {
            put_message(message, (const unsigned char *)bytes, length);
            g_object_unref(message);
        }
        g_object_unref(parser);
        g_object_unref(memory);
        g_free(bytes);
        fwrite(out->str, 1, out->len, stdout);
        g_string_truncate(out, 0);
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
