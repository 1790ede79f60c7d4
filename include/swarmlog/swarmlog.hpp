#pragma once

/// Everything that is public.

#include <swarmlog/backends/open_memory.hpp>
#include <swarmlog/backends/open_sqlite.hpp>
#include <swarmlog/backends/sql_reader.hpp>
#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/projections/log_tables.hpp>
