// The floor for one piped message: a program that links the same libraries, reads standard input, opens a WAL
// database and makes one synced commit. Nothing is parsed.
#include <openssl/sha.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

int main(int count, char **words) {
    static unsigned char body[1 << 20];
    size_t length = fread(body, 1, sizeof body, stdin);
    unsigned char digest[32];
    SHA256(body, length, digest);
    // Referred to, so that the linker keeps the libraries.
    if (count > 2) printf("%s\n", zlibVersion());
    sqlite3 *database = NULL;
    if (sqlite3_open(words[1], &database)) return 1;
    sqlite3_exec(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", NULL, NULL, NULL);
    sqlite3_exec(database, "CREATE TABLE IF NOT EXISTS message(digest BLOB, body BLOB)", NULL, NULL, NULL);
    sqlite3_stmt *insert = NULL;
    sqlite3_prepare_v2(database, "INSERT INTO message VALUES (?, ?)", -1, &insert, NULL);
    sqlite3_bind_blob(insert, 1, digest, 32, SQLITE_STATIC);
    sqlite3_bind_blob(insert, 2, body, (int)length, SQLITE_STATIC);
    int code = sqlite3_step(insert);
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return code == SQLITE_DONE ? 0 : 1;
}
