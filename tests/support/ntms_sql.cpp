// SPDX-License-Identifier: MIT
// ntms_sql DATABASE "SQL; ..." [hold] - runs statements on a database in a process of its own and
// prints the rows, columns separated by tabs, blobs as upper-case hex digits, NULL as "NULL". With
// "hold" a transaction that was begun lasts until the end of standard input. Tests use it to
// arrange what no function of the API can, and to read what none shows. Exit status 1 and the
// reason on standard error when a statement fails.
#include <sqlite3.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace {

int complain(sqlite3* db, const char* what) {
  std::fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
  sqlite3_close(db);
  return 1;
}

void print_column(sqlite3_stmt* statement, int column) {
  if (sqlite3_column_type(statement, column) == SQLITE_NULL) {
    std::fputs("NULL", stdout);
  } else if (sqlite3_column_type(statement, column) == SQLITE_BLOB) {
    const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(statement, column));
    const int length = sqlite3_column_bytes(statement, column);
    for (int i = 0; i < length; ++i) std::printf("%02X", static_cast<unsigned>(bytes[i]));
  } else {
    std::fputs(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)), stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bool hold = argc == 4 && std::string_view(argv[3]) == "hold";
  if (argc != 3 && !hold) {
    std::fprintf(stderr, "usage: ntms_sql DATABASE SQL [hold]\n");
    return 2;
  }
  sqlite3* db = nullptr;
  if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    return complain(db, argv[1]);
  }
  sqlite3_busy_timeout(db, 10000);
  for (const char* rest = argv[2]; *rest != '\0';) {
    sqlite3_stmt* statement = nullptr;
    const char* text = rest;
    if (sqlite3_prepare_v2(db, text, -1, &statement, &rest) != SQLITE_OK) return complain(db, text);
    if (statement == nullptr) continue;  // blanks or a comment
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
      for (int column = 0; column < sqlite3_column_count(statement); ++column) {
        if (column > 0) std::fputc('\t', stdout);
        print_column(statement, column);
      }
      std::fputc('\n', stdout);
    }
    sqlite3_finalize(statement);
    if (result != SQLITE_DONE) return complain(db, text);
  }
  if (hold) {
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
  }
  sqlite3_close(db);
  return 0;
}
