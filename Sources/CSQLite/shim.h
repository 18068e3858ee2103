#include <sqlite3.h>
#include <fcntl.h>
#include <sys/types.h>

// SQLITE_TRANSIENT is a cast, which Swift can't import: SQLite copies the bytes before it returns.
static inline int csqlite_bind_text(sqlite3_stmt *s, int index, const char *utf8, sqlite3_uint64 count) {
    return sqlite3_bind_text64(s, index, utf8, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}
static inline int csqlite_bind_blob(sqlite3_stmt *s, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(s, index, bytes, count, SQLITE_TRANSIENT);
}
// What stays where it is until the statement is reset need not be copied.
static inline int csqlite_bind_lasting_text(sqlite3_stmt *s, int index, const char *utf8, sqlite3_uint64 count) {
    return sqlite3_bind_text64(s, index, utf8, count, SQLITE_STATIC, SQLITE_UTF8);
}
static inline int csqlite_bind_lasting_blob(sqlite3_stmt *s, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(s, index, bytes, count, SQLITE_STATIC);
}

// sqlite3_config and sqlite3_db_config are variadic.
static inline int csqlite_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
static inline int csqlite_keep_log_on_close(sqlite3 *db) {
    return sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

// What <fcntl.h> shows only to _GNU_SOURCE, which a module can't set.
extern int fallocate(int descriptor, int mode, off_t start, off_t length);
// With FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE.
static inline int csqlite_punch_hole(int descriptor, off_t start, off_t length) {
    return fallocate(descriptor, 0x02 | 0x01, start, length);
}
// O_DIRECT: what is written by it passes the page cache by.
static inline int csqlite_direct_flag(void) { return __O_DIRECT; }
