// See gate_cache.hpp.
#include "deployments/edge/gate_cache.hpp"

#include <array>

namespace holdpoint::deployments {
namespace {

/// Families of events that no gate rests on; every other event, also one of a family yet to come,
/// ends the generation.
bool is_beside_gates(std::string_view type) {
  constexpr std::array families{"session.", "sign_in.",  "access.",      "token.",
                                "person.",  "password.", "contributor.", "deployment.refused"};
  return std::ranges::any_of(families,
                             [&](const char* family) { return type.starts_with(family); });
}

}  // namespace

GateCache::GateCache(engine::Engine& engine) {
  engine.on_commit([this](const std::vector<engine::Recorded>& events) {
    const std::lock_guard lock(mutex_);
    std::string_view last;
    for (const engine::Recorded& event : events) {
      if (event.workspace == last || is_beside_gates(event.type)) continue;
      last = event.workspace;
      Workspace& workspace = workspaces_[event.workspace];
      ++workspace.generation;
      workspace.answers.clear();
    }
  });
}

std::uint64_t GateCache::generation(std::string_view workspace) {
  const std::lock_guard lock(mutex_);
  return workspaces_[std::string(workspace)].generation;
}

std::optional<std::string> GateCache::find(std::string_view workspace, std::string_view question,
                                           Instant now) {
  const std::lock_guard lock(mutex_);
  const auto in = workspaces_.find(workspace);
  if (in == workspaces_.end()) return std::nullopt;
  const auto found = in->second.answers.find(question);
  if (found == in->second.answers.end()) return std::nullopt;
  const Remembered& remembered = found->second;
  if (remembered.valid_until && now >= *remembered.valid_until) return std::nullopt;
  return remembered.answer;
}

void GateCache::remember(std::string_view workspace, std::string_view question,
                         std::uint64_t generation, Remembered remembered) {
  const std::lock_guard lock(mutex_);
  Workspace& in = workspaces_[std::string(workspace)];
  if (in.generation != generation) return;
  if (in.answers.size() >= gate_answers_max) in.answers.clear();
  in.answers.insert_or_assign(std::string(question), std::move(remembered));
}

}  // namespace holdpoint::deployments
