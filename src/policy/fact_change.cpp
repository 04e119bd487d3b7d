// See fact_change.hpp.
#include "policy/fact_change.hpp"

#include <algorithm>
#include <functional>

#include "base/assert.hpp"

namespace holdpoint::policy {
namespace {

const json::value* step_into(const json::value& from, const FactStep& step) {
  if (const auto* key = std::get_if<std::string>(&step)) {
    const auto* object = from.if_object();
    return object == nullptr ? nullptr : object->if_contains(*key);
  }
  const auto* list = from.if_array();
  const std::size_t index = std::get<std::size_t>(step);
  return list == nullptr || index >= list->size() ? nullptr : &(*list)[index];
}

/// The patch over nothing: its objects without the nulls.
json::value without_nulls(const json::object& patch) {
  json::object out;
  for (const auto& entry : patch) {
    if (entry.value().is_null()) continue;
    const auto* inner = entry.value().if_object();
    out[entry.key()] = inner == nullptr ? entry.value() : without_nulls(*inner);
  }
  return out;
}

void collect(const json::object& patch, const json::object& target, FactPath& at,
             std::vector<FactChange>& out) {
  for (const auto& entry : patch) {
    at.emplace_back(std::string(entry.key()));
    const auto* before = target.if_contains(entry.key());
    const auto* inner = entry.value().if_object();
    const auto* object = before == nullptr ? nullptr : before->if_object();
    if (entry.value().is_null()) {
      if (before != nullptr) out.push_back({ChangeKind::remove, at, {}});
    } else if (inner == nullptr) {
      out.push_back({ChangeKind::set, at, entry.value()});
    } else if (object == nullptr) {
      out.push_back({ChangeKind::set, at, without_nulls(*inner)});
    } else {
      collect(*inner, *object, at, out);
    }
    at.pop_back();
  }
}

}  // namespace

std::string text_of(const FactPath& path) {
  std::string out;
  for (const FactStep& step : path) {
    if (const auto* key = std::get_if<std::string>(&step)) {
      out += (out.empty() ? "" : ".") + *key;
    } else {
      out += "[" + std::to_string(std::get<std::size_t>(step)) + "]";
    }
  }
  return out;
}

const json::value* find_fact(const json::object& facts, std::span<const FactStep> path) {
  if (path.empty() || !std::holds_alternative<std::string>(path[0])) return nullptr;
  const auto* at = facts.if_contains(std::get<std::string>(path[0]));
  for (std::size_t i = 1; i < path.size() && at != nullptr; ++i) at = step_into(*at, path[i]);
  return at;
}

std::vector<FactChange> changes_of(const json::object& patch, const json::object& facts) {
  std::vector<FactChange> out;
  FactPath at;
  collect(patch, facts, at, out);
  return out;
}

json::value* ChangedFacts::find(std::span<const FactStep> path) {
  return const_cast<json::value*>(find_fact(facts_, path));
}

bool ChangedFacts::apply(std::span<const FactChange> changes) {
  std::vector<const FactChange*> order;
  for (const FactChange& change : changes) order.push_back(&change);
  std::ranges::sort(order, [](const FactChange* a, const FactChange* b) {
    if (a->kind != b->kind) return a->kind < b->kind;
    if (a->kind == ChangeKind::remove && a->path != b->path) return b->path < a->path;
    return std::less<>()(a, b);  // as they were given
  });
  const auto [first, last] =
      std::ranges::unique(order, [](const FactChange* a, const FactChange* b) { return *a == *b; });
  order.erase(first, last);
  const std::size_t done_before = done_.size();
  for (const FactChange* change : order) {
    if (apply_one(*change)) continue;
    while (done_.size() > done_before) {
      undo(done_.back());
      done_.pop_back();
    }
    return false;
  }
  return true;
}

bool ChangedFacts::apply_one(const FactChange& change) {
  if (change.path.empty()) return false;
  switch (change.kind) {
    case ChangeKind::set: return set(change);
    case ChangeKind::append: return append(change);
    case ChangeKind::remove: return remove(change);
  }
  return false;
}

/// Makes the objects on the way that are not there.
bool ChangedFacts::set(const FactChange& change) {
  const FactPath& path = change.path;
  if (!std::holds_alternative<std::string>(path[0])) return false;
  std::size_t depth = 1;
  while (depth < path.size() && find(std::span(path).first(depth)) != nullptr) {
    const auto* at = find(std::span(path).first(depth));
    const bool is_key = std::holds_alternative<std::string>(path[depth]);
    if (is_key ? !at->is_object() : !at->is_array()) break;
    ++depth;
  }
  json::value value = change.value;
  for (std::size_t i = path.size(); i > depth; --i) {
    const auto* key = std::get_if<std::string>(&path[i - 1]);
    if (key == nullptr) return false;
    json::object around;
    around[*key] = std::move(value);
    value = std::move(around);
  }
  const auto where = std::span(path).first(depth);
  json::value* before = find(where);
  Undo step{FactPath(where.begin(), where.end()), std::nullopt, ChangeKind::set};
  if (before != nullptr) {
    step.before = std::move(*before);
    *before = std::move(value);
  } else {
    const auto* key = std::get_if<std::string>(&where.back());
    if (key == nullptr) return false;
    json::object& parent = depth == 1 ? facts_ : find(where.first(depth - 1))->get_object();
    parent[*key] = std::move(value);
  }
  done_.push_back(std::move(step));
  return true;
}

bool ChangedFacts::append(const FactChange& change) {
  json::value* list = find(change.path);
  if (list == nullptr || !list->is_array()) return false;
  list->get_array().push_back(change.value);
  done_.push_back({change.path, std::nullopt, ChangeKind::append});
  return true;
}

bool ChangedFacts::remove(const FactChange& change) {
  const FactPath& path = change.path;
  json::value* before = find(path);
  if (before == nullptr) return false;
  Undo step{path, std::move(*before), ChangeKind::remove};
  if (const auto* key = std::get_if<std::string>(&path.back())) {
    json::object& parent =
        path.size() == 1 ? facts_ : find(std::span(path).first(path.size() - 1))->get_object();
    parent.erase(*key);
  } else {
    json::array& list = find(std::span(path).first(path.size() - 1))->get_array();
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(std::get<std::size_t>(path.back())));
  }
  done_.push_back(std::move(step));
  return true;
}

void ChangedFacts::revert() {
  while (!done_.empty()) {
    undo(done_.back());
    done_.pop_back();
  }
}

void ChangedFacts::undo(Undo& step) {
  json::value* at = find(step.path);
  if (step.kind == ChangeKind::append) {
    at->get_array().pop_back();
    return;
  }
  const auto* index = std::get_if<std::size_t>(&step.path.back());
  if (index != nullptr && step.kind == ChangeKind::remove) {
    json::array& list = find(std::span(step.path).first(step.path.size() - 1))->get_array();
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(*index), std::move(*step.before));
    return;
  }
  if (step.before && at != nullptr) {
    *at = std::move(*step.before);
    return;
  }
  HP_ASSERT(index == nullptr, "PO-4: only keys are made or taken away by themselves");
  const std::string& key = std::get<std::string>(step.path.back());
  json::object& parent = step.path.size() == 1
                             ? facts_
                             : find(std::span(step.path).first(step.path.size() - 1))->get_object();
  if (step.before) {
    parent[key] = std::move(*step.before);
  } else {
    parent.erase(key);
  }
}

}  // namespace holdpoint::policy
