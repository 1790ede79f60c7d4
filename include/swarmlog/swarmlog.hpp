#pragma once

/// \file
/// The log, its backends and projections. Beside it stand, for those who use them:
/// <swarmlog/projections/repository.hpp>, <swarmlog/projections/scenario.hpp> (for tests) and
/// <swarmlog/projections/swarm/swarm.hpp>.

#include <swarmlog/backends/open_memory.hpp>
#include <swarmlog/backends/open_sqlite.hpp>
#include <swarmlog/backends/sql_reader.hpp>
#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/engine/event_log.hpp>
#include <swarmlog/projections/log_tables.hpp>
#include <swarmlog/version.hpp>
