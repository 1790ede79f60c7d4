#pragma once

#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/event_codec.hpp>
#include <swarmlog/engine/timestamp.hpp>
#include <swarmlog/export.hpp>
#include <swarmlog/projections/projection.hpp>

#include <boost/describe/class.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace swarmlog::swarm {

/// A measurement.
struct metric_recorded {
    static constexpr std::string_view type = "metric.recorded";
    std::string metric_type{};             ///< what was measured; the program's own word
    std::optional<std::string> agent_id{}; ///< of an agent that is there, or of the whole
    double value = 0;                      ///< in `unit`; finite
    std::string unit{};                    ///< the program's own word
    /// Names and values to tell measurements apart.
    std::map<std::string, std::string> tags{};
};
BOOST_DESCRIBE_STRUCT(metric_recorded, (), (metric_type, agent_id, value, unit, tags))

/// A measurement, as a row of the table `metrics`.
struct metric {
    position id;                             ///< of its event
    std::string metric_type;                 ///< what was measured
    std::optional<std::string> agent_id;     ///< of which agent, or of the whole
    double value = 0;                        ///< in `unit`
    std::string unit;                        ///< the program's own word
    std::map<std::string, std::string> tags; ///< names and values to tell measurements apart
    swarmlog::timestamp timestamp{}; ///< the event's `occurred_at`, or else its `recorded_at`
    friend bool operator==(metric const&, metric const&) = default;
};
BOOST_DESCRIBE_STRUCT(metric, (), (id, metric_type, agent_id, value, unit, tags, timestamp))

/// Folds measurements into the table `metrics`.
struct SWARMLOG_EXPORT metric_table {
    static constexpr std::string_view name = "metrics";
    static constexpr std::uint32_t version = 1;
    using row_type = metric;
    static constexpr auto key = &metric::id;
    using handles = event_types<metric_recorded>;

    static std::vector<index_spec> indexes() {
        return {index_on(&metric::metric_type, &metric::timestamp),
                index_on(&metric::agent_id, &metric::metric_type)};
    }

    void apply(metric_recorded const& event, event_view const& from, rows<metric>& metrics) const;
};

} // namespace swarmlog::swarm
