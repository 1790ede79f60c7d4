#pragma once

// Included before all else in each source of the extension: `sqlite3_…` becomes a call through the
// table that the loading program's SQLite hands over.
#include <sqlite3ext.h>

// NOLINTNEXTLINE(readability-identifier-naming): SQLite's name
extern sqlite3_api_routines const* sqlite3_api;
