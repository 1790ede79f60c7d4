#pragma once

#include <swarmlog/engine/error.hpp>
#include <swarmlog/engine/event.hpp>
#include <swarmlog/engine/receipt.hpp>

#include <functional>

/// What the engine calls back, without knowing of Asio: the templates on top are a thin skin.
namespace swarmlog {

class decision;

namespace detail {

/// What a decision runs, whatever its closure returns.
using decision_function = std::function<result<void>(decision&)>;

/// Where an asynchronous append answers; called once, by who does the writer's work.
class append_completion {
public:
    virtual ~append_completion() = default;
    virtual void complete(result<receipt> answer) = 0;
};

/// Where an asynchronous `next` answers; called once.
class event_completion {
public:
    virtual ~event_completion() = default;
    virtual void complete(result<event> answer) = 0;
    /// Runs `task` on the handler's executor: the work of looking for the next event.
    virtual void post(std::function<void()> task) = 0;
};

} // namespace detail

} // namespace swarmlog
