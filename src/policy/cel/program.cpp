// See program.hpp.
#include "policy/cel/program.hpp"

#include <algorithm>

#include "policy/cel/checker.hpp"
#include "policy/cel/compiled.hpp"
#include "policy/cel/evaluator.hpp"
#include "policy/cel/parser.hpp"
#include "policy/cel/planner.hpp"

namespace holdpoint::policy::cel {

std::string Issue::text() const {
  return std::to_string(line) + ":" + std::to_string(column) + ": " + message;
}

std::expected<Program, std::vector<Issue>> Program::compile(std::string_view source,
                                                            const Schema& schema, Limits limits) {
  return compile(source, schema, Options{.limits = limits});
}

std::expected<Program, std::vector<Issue>> Program::compile(std::string_view source,
                                                            const Schema& schema,
                                                            const std::vector<Variable>& variables,
                                                            Limits limits) {
  return compile(source, schema, Options{.limits = limits, .variables = variables});
}

std::expected<Program, std::vector<Issue>> Program::compile(std::string_view source,
                                                            const Schema& schema,
                                                            const Options& options) {
  auto tree = parse(source, options.limits);
  if (!tree) return std::unexpected(std::vector{tree.error()});
  const Environment environment{schema, options};
  const auto checked = check(*tree, environment);
  if (!checked) return std::unexpected(checked.error());
  return Program(plan(std::move(*tree), *checked, environment));
}

const Type& Program::result_type() const { return *compiled_->node_types[compiled_->tree.root]; }

std::string_view Program::source() const { return compiled_->tree.source; }

Evaluation Program::evaluate(const json::object& facts) const {
  Session session(facts, compiled_->limits);
  Evaluation out = evaluate_in(*compiled_, session);
  const bool refers = out.value.is(Kind::string) || out.value.is(Kind::bytes) ||
                      out.value.is(Kind::list) || out.value.is(Kind::map) ||
                      out.value.is(Kind::optional);
  if (refers && !session.arena().is_empty()) out.storage = session.arena().release();
  return out;
}

Evaluation evaluate_in(const Compiled& program, Session& session) {
  Evaluation out;
  Evaluator evaluator(program, session);
  out.value = evaluator.run_whole();
  out.settled_operands = evaluator.settled_operands().settled;
  out.is_decided_early = evaluator.settled_operands().is_decided_early;
  out.cost = session.cost();
  if (session.is_exhausted()) {
    out.outcome = Evaluation::Outcome::error;
    const bool is_placed = session.exhausted_at() < program.tree.nodes.size();
    const NodeId at = is_placed ? session.exhausted_at() : program.tree.root;
    const Place place = place_of(program.tree.source, program.tree.nodes[at].mark);
    out.message = Issue{session.exhaustion_text(), place.line, place.column}.text();
    out.value = {};
    return out;
  }
  if (out.value.is(Kind::error)) {
    const Trouble& trouble = out.value.trouble();
    const Place place = place_of(program.tree.source, program.tree.nodes[trouble.node].mark);
    out.outcome = Evaluation::Outcome::error;
    out.message = Issue{std::string(trouble.message), place.line, place.column}.text();
    out.value = {};
  } else if (out.value.is(Kind::unknown)) {
    const Trouble& trouble = out.value.trouble();
    out.outcome = Evaluation::Outcome::unknown;
    out.unknown_paths.assign(trouble.paths, trouble.paths + trouble.path_count);
    std::ranges::sort(out.unknown_paths);
    out.value = {};
  }
  return out;
}

}  // namespace holdpoint::policy::cel
