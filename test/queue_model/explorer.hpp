#pragma once

#include "queue_model/memory_model.hpp"
#include "queue_model/random_choice.hpp"

#include <ucontext.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace swarmlog::test {

/// Executes a scenario of a few threads as fibres of one, in an order that a seed draws, above a
/// memory_model. A switch is possible before every operation on an atomic, a mutex or a condition.
///
/// Most executions preempt a running thread at most four times, at random steps: few preemptions
/// are enough for most errors (M. Musuvathi, S. Qadeer, "Iterative context bounding for systematic
/// testing of multithreaded programs", PLDI 2007), and a blocked thread costs none. The others
/// preempt at every fourth step.
///
/// The same seed gives the same execution. One at a time in the process.
class explorer {
public:
    explorer();
    ~explorer();
    explorer(explorer const&) = delete;
    explorer& operator=(explorer const&) = delete;

    /// Executes once. Answers what went wrong; the threads are then abandoned where they are, and
    /// what they own is never freed.
    [[nodiscard]] std::optional<std::string> execute(std::function<void()> const& scenario,
                                                     std::uint64_t seed);

    /// The one that executes.
    [[nodiscard]] static explorer& current();

    // For a scenario.
    std::size_t start_thread(std::function<void()> body);
    void join_threads();
    [[noreturn]] void fail(std::string what);

    // For what a scenario's threads operate on.
    /// Another thread may go on here.
    void step();
    /// Sleeps until `wake`; when `may_expire`, perhaps only until a deadline, which is false.
    bool sleep(void const* on, bool may_expire);
    /// Wakes those who sleep on it, or one of them.
    void wake(void const* on, bool all);
    void* allocate(std::size_t bytes);

    [[nodiscard]] std::size_t thread() const { return running_; }
    [[nodiscard]] memory_model& memory() { return memory_; }
    [[nodiscard]] random_choice& choice() { return choice_; }

private:
    enum class state : std::uint8_t { absent, ready, asleep, ended };
    struct fibre {
        ucontext_t context{};
        std::unique_ptr<char[]> stack;
        std::function<void()> body;
        state now = state::absent;
        void const* sleeps_on = nullptr;
        bool may_expire = false;
        bool expired = false;
    };

    static void enter();
    void draw_preemptions();
    [[nodiscard]] bool preempts();
    /// Goes on with another thread, if there is one that can.
    void switch_thread(bool must);
    void switch_to(std::size_t next);

    random_choice choice_;
    memory_model memory_{choice_};
    std::array<fibre, model_threads_max> fibres_;
    std::size_t fibre_count_ = 0;
    std::size_t running_ = 0;
    ucontext_t outside_{};
    std::optional<std::string> failure_;
    std::vector<std::unique_ptr<char[]>> allocated_;

    std::uint64_t steps_ = 0;
    std::uint64_t steps_alone_ = 0;        ///< since the last switch
    std::uint64_t steps_expected_ = 100;   ///< as many as the execution before had
    std::vector<std::uint64_t> preempted_; ///< the steps at which the running thread is preempted
    bool is_unbounded_ = false;
};

} // namespace swarmlog::test
