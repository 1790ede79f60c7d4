#include "model/model_run.hpp"
#include "support/random_seed.hpp"

#include <boost/test/unit_test.hpp>

using namespace swarmlog::test;

BOOST_AUTO_TEST_SUITE(model)

BOOST_AUTO_TEST_CASE(a_log_in_memory_answers_as_the_model_does) {
    run_against_model(model_backend::memory, random_seed(), 200, 60);
}

BOOST_AUTO_TEST_CASE(a_log_on_sqlite_answers_as_the_model_does) {
    run_against_model(model_backend::sqlite, random_seed(), 100, 60);
}

BOOST_AUTO_TEST_SUITE_END()
