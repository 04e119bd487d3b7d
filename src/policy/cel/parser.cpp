// See parser.hpp. Recursive descent, one function per level of precedence. Refusals inside travel
// as an exception of this file alone and leave it as values.
#include "policy/cel/parser.hpp"

#include <algorithm>
#include <optional>

#include "base/encoding.hpp"
#include "policy/cel/lexer.hpp"
#include "policy/cel/literals.hpp"
#include "policy/cel/macros.hpp"

namespace holdpoint::policy::cel {
namespace {

struct Refusal {
  std::string message;
  std::uint32_t offset;
};

std::optional<NodeKind> relation_of(const Token& token) {
  if (token.is("<")) return NodeKind::less;
  if (token.is("<=")) return NodeKind::less_equal;
  if (token.is(">")) return NodeKind::greater;
  if (token.is(">=")) return NodeKind::greater_equal;
  if (token.is("==")) return NodeKind::equal;
  if (token.is("!=")) return NodeKind::not_equal;
  if (token.is("in")) return NodeKind::in;
  return std::nullopt;
}

std::optional<NodeKind> addition_of(const Token& token) {
  if (token.is("+")) return NodeKind::add;
  if (token.is("-")) return NodeKind::subtract;
  return std::nullopt;
}

std::optional<NodeKind> multiplication_of(const Token& token) {
  if (token.is("*")) return NodeKind::multiply;
  if (token.is("/")) return NodeKind::divide;
  if (token.is("%")) return NodeKind::modulo;
  return std::nullopt;
}

class Parser {
 public:
  Parser(std::string_view source, const Limits& limits) : limits_(limits), lexer_(source) {
    tree_.source = source;
    advance();
  }

  Tree finish() {
    tree_.root = expression();
    if (token_.kind != TokenKind::end) fail("there is text after the end of the expression");
    return std::move(tree_);
  }

 private:
  [[noreturn]] void fail(std::string message) const {
    throw Refusal{std::move(message), token_.begin};
  }
  [[noreturn]] static void fail_at(std::string message, std::uint32_t offset) {
    throw Refusal{std::move(message), offset};
  }

  void advance() {
    previous_end_ = token_.end;
    auto next = lexer_.next();
    if (!next) throw Refusal{next.error().message, next.error().offset};
    token_ = std::move(*next);
  }
  bool take(std::string_view symbol) {
    if (!token_.is(symbol)) return false;
    advance();
    return true;
  }
  void expect(std::string_view symbol) {
    if (!take(symbol)) fail(found() + ": '" + std::string(symbol) + "' is missing");
  }
  [[nodiscard]] std::string found() const {
    if (token_.kind == TokenKind::end) return "the expression ends too early";
    if (token_.kind == TokenKind::string || token_.kind == TokenKind::bytes) {
      return "a text is not expected here";
    }
    return "'" + token_.text.substr(0, 40) + "' is not expected here";
  }

  NodeId add(Node node) {
    if (tree_.nodes.size() >= limits_.nodes_max) {
      fail_at("the expression has more than " + std::to_string(limits_.nodes_max) + " parts",
              node.begin);
    }
    for (const NodeId child : node.children) {
      node.height = std::max(node.height, tree_.nodes[child].height + 1);
    }
    if (node.height > tree_height_max) fail_at("the expression nests too deep", node.begin);
    node.end = previous_end_;
    tree_.nodes.push_back(std::move(node));
    return static_cast<NodeId>(tree_.nodes.size() - 1);
  }

  NodeId add(NodeKind kind, std::uint32_t mark, std::vector<NodeId> children,
             std::string name = "") {
    Node node;
    node.kind = kind;
    node.mark = mark;
    node.begin = children.empty() ? mark : std::min(mark, tree_.nodes[children[0]].begin);
    node.name = std::move(name);
    node.children = std::move(children);
    return add(std::move(node));
  }

  NodeId expression() {
    if (++depth_ > limits_.depth_max) fail("the expression nests too deep");
    NodeId node = alternatives();
    if (token_.is("?")) {
      const std::uint32_t mark = token_.begin;
      advance();
      const NodeId then = alternatives();
      expect(":");
      const NodeId otherwise = expression();
      node = add(NodeKind::conditional, mark, {node, then, otherwise});
    }
    --depth_;
    return node;
  }

  NodeId alternatives() {
    const NodeId first = conjunction();
    if (!token_.is("||")) return first;
    const std::uint32_t mark = token_.begin;
    std::vector<NodeId> terms = {first};
    while (take("||")) terms.push_back(conjunction());
    return add(NodeKind::logical_or, mark, std::move(terms));
  }

  NodeId conjunction() {
    const NodeId first = relation();
    if (!token_.is("&&")) return first;
    const std::uint32_t mark = token_.begin;
    std::vector<NodeId> terms = {first};
    while (take("&&")) terms.push_back(relation());
    return add(NodeKind::logical_and, mark, std::move(terms));
  }

  NodeId relation() {
    NodeId left = addition();
    while (const auto kind = relation_of(token_)) {
      const std::uint32_t mark = token_.begin;
      advance();
      const NodeId right = addition();
      left = add(*kind, mark, {left, right});
    }
    return left;
  }

  NodeId addition() {
    NodeId left = multiplication();
    while (const auto kind = addition_of(token_)) {
      const std::uint32_t mark = token_.begin;
      advance();
      const NodeId right = multiplication();
      left = add(*kind, mark, {left, right});
    }
    return left;
  }

  NodeId multiplication() {
    NodeId left = unary();
    while (const auto kind = multiplication_of(token_)) {
      const std::uint32_t mark = token_.begin;
      advance();
      const NodeId right = unary();
      left = add(*kind, mark, {left, right});
    }
    return left;
  }

  /// A run of one sign; a minus directly before a number belongs to the number.
  NodeId unary() {
    const bool is_not = token_.is("!");
    if (!is_not && !token_.is("-")) return member(primary());
    const std::string_view sign = is_not ? "!" : "-";
    std::vector<std::uint32_t> marks;
    while (token_.is(sign)) {
      if (marks.size() >= tree_height_max) fail("the expression nests too deep");
      marks.push_back(token_.begin);
      advance();
    }
    const bool is_number = token_.kind == TokenKind::integer || token_.kind == TokenKind::floating;
    NodeId node = 0;
    if (!is_not && is_number) {
      node = member(number(marks.back(), Sign::minus));
      marks.pop_back();
    } else {
      node = member(primary());
    }
    for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
      node = add(is_not ? NodeKind::logical_not : NodeKind::negate, *mark, {node});
    }
    return node;
  }

  NodeId member(NodeId node) {
    while (true) {
      const std::uint32_t mark = token_.begin;
      if (take(".")) {
        node = field_or_method(node, mark);
      } else if (take("[")) {
        const NodeKind kind = take("?") ? NodeKind::optional_index : NodeKind::index;
        const NodeId key = expression();
        expect("]");
        node = add(kind, mark, {node, key});
      } else if (token_.is("{")) {
        const NodeKind kind = tree_.nodes[node].kind;
        if (kind == NodeKind::ident || kind == NodeKind::select) {
          fail("messages cannot be constructed: write a map, {\"name\": value}");
        }
        return node;
      } else {
        return node;
      }
    }
  }

  NodeId field_or_method(NodeId target, std::uint32_t dot) {
    const NodeKind kind = take("?") ? NodeKind::optional_select : NodeKind::select;
    const std::uint32_t mark = token_.begin;
    const bool is_quoted = token_.kind == TokenKind::quoted_identifier;
    if (token_.kind != TokenKind::identifier && !is_quoted) {
      fail(found() + ": a field name is missing after '.'");
    }
    std::string name = token_.text;
    advance();
    if (is_quoted || kind == NodeKind::optional_select || !token_.is("(")) {
      const NodeId node = add(kind, mark, {target}, std::move(name));
      tree_.nodes[node].begin = std::min(tree_.nodes[target].begin, dot);
      return node;
    }
    std::vector<NodeId> children = arguments();
    if (is_namespace_cel(target)) {
      if (const auto node = cel_macro(name, mark, target, children)) return *node;
    }
    const auto macro = find_macro(name, children.size());
    children.insert(children.begin(), target);
    if (macro) return add_macro(*macro, mark, std::move(children));
    const NodeId node = add(NodeKind::call, mark, std::move(children), std::move(name));
    tree_.nodes[node].receiver = Receiver::present;
    return node;
  }

  /// The name that an argument is to bind.
  std::string bound_name(NodeId argument) {
    const Node& variable = tree_.nodes[argument];
    if (variable.kind != NodeKind::ident || variable.scoping == Scoping::outermost) {
      fail_at("the first argument must be a name for the element", variable.begin);
    }
    // Engines that turn loops into folds keep their result under this name.
    if (variable.name == "__result__") {
      fail_at("'__result__' cannot be the name of an element", variable.begin);
    }
    return variable.name;
  }

  NodeId add_macro(const Macro& macro, std::uint32_t mark, std::vector<NodeId> children) {
    std::string name = bound_name(children[1]);
    std::string second;
    if (macro.names == 2) {
      second = bound_name(children[2]);
      if (second == name) fail_at("both names are the same", tree_.nodes[children[2]].begin);
    }
    const auto first = children.begin() + 1;
    children.erase(first, first + static_cast<std::ptrdiff_t>(macro.names));
    const NodeId node = add(macro.kind, mark, std::move(children), std::move(name));
    tree_.nodes[node].second = std::move(second);
    return node;
  }

  [[nodiscard]] bool is_namespace_cel(NodeId target) const {
    const Node& node = tree_.nodes[target];
    return node.kind == NodeKind::ident && node.name == "cel" && node.scoping == Scoping::nearest;
  }

  /// cel.bind(name, value, body). The others are what optimizers write: cel.block([a, b], body)
  /// binds cel.index(0) and cel.index(1), and cel.iterVar(0, 0) is the name of a loop's element.
  std::optional<NodeId> cel_macro(const std::string& name, std::uint32_t mark, NodeId target,
                                  const std::vector<NodeId>& arguments) {
    const std::uint32_t begin = tree_.nodes[target].begin;
    if (name == "bind") {
      if (arguments.size() != 3) {
        fail_at("cel.bind() takes a name, a value and an expression", mark);
      }
      return add_bind(bound_name(arguments[0]), begin, mark, {arguments[1], arguments[2]});
    }
    const bool is_index = name == "index" && arguments.size() == 1;
    const bool is_element = (name == "iterVar" || name == "accuVar") && arguments.size() == 2;
    if (is_index || is_element) {
      const NodeId node =
          add(NodeKind::ident, begin, {}, tree_.source.substr(begin, previous_end_ - begin));
      return node;
    }
    if (name != "block" || arguments.size() != 2) return std::nullopt;
    const Node& list = tree_.nodes[arguments[0]];
    if (list.kind != NodeKind::list) {
      fail_at("cel.block() takes a list of values and an expression", list.begin);
    }
    const std::vector<NodeId> values = list.children;
    NodeId body = arguments[1];
    for (std::size_t i = values.size(); i-- > 0;) {
      body = add_bind("cel.index(" + std::to_string(i) + ")", begin, mark, {values[i], body});
    }
    return body;
  }

  NodeId add_bind(std::string name, std::uint32_t begin, std::uint32_t mark,
                  std::vector<NodeId> children) {
    const NodeId node = add(NodeKind::bind, mark, std::move(children), std::move(name));
    tree_.nodes[node].begin = begin;
    return node;
  }

  /// After the name of a function: "(" arguments ")".
  std::vector<NodeId> arguments() {
    std::vector<NodeId> out;
    expect("(");
    if (take(")")) return out;
    do {
      out.push_back(expression());
    } while (take(","));
    expect(")");
    return out;
  }

  NodeId primary() {
    const std::uint32_t mark = token_.begin;
    switch (token_.kind) {
      case TokenKind::integer:
      case TokenKind::unsigned_integer:
      case TokenKind::floating: return number(mark, Sign::none);
      case TokenKind::string:
      case TokenKind::bytes: return text_literal();
      case TokenKind::keyword: return keyword();
      case TokenKind::identifier: return name(Scoping::nearest);
      case TokenKind::quoted_identifier: fail("a quoted name may only follow a '.'");
      case TokenKind::end: fail("the expression ends too early");
      case TokenKind::symbol: break;
    }
    if (take("(")) {
      const NodeId inner = expression();
      expect(")");
      tree_.nodes[inner].begin = mark;
      tree_.nodes[inner].end = previous_end_;
      return inner;
    }
    if (take("[")) return list(mark);
    if (take("{")) return map(mark);
    if (take(".")) {
      if (token_.kind != TokenKind::identifier) fail(found());
      return name(Scoping::outermost);
    }
    fail(found());
  }

  NodeId keyword() {
    const std::uint32_t mark = token_.begin;
    Value value;
    if (token_.is("true")) {
      value = Value::of(true);
    } else if (token_.is("false")) {
      value = Value::of(false);
    } else if (!token_.is("null")) {
      fail(found());
    }
    advance();
    return constant(mark, value);
  }

  NodeId constant(std::uint32_t mark, Value value) {
    Node node;
    node.begin = node.mark = mark;
    node.constant = value;
    return add(std::move(node));
  }

  NodeId text_literal() {
    const std::uint32_t mark = token_.begin;
    const std::string& kept = tree_.texts->emplace_back(token_.text);
    const Value value =
        token_.kind == TokenKind::string ? Value::of(std::string_view(kept)) : Value::bytes(kept);
    advance();
    return constant(mark, value);
  }

  NodeId number(std::uint32_t mark, Sign sign) {
    const auto value = number_value(token_, sign);
    if (!value) fail(value.error());
    advance();
    return constant(mark, *value);
  }

  NodeId name(Scoping scoping) {
    const std::uint32_t mark = token_.begin;
    std::string text = token_.text;
    if (is_reserved(text)) fail("'" + text + "' is a reserved word");
    advance();
    if (!token_.is("(")) {
      const NodeId node = add(NodeKind::ident, mark, {}, std::move(text));
      tree_.nodes[node].scoping = scoping;
      return node;
    }
    std::vector<NodeId> children = arguments();
    if (text == "has") return add_has(mark, children);
    const NodeId node = add(NodeKind::call, mark, std::move(children), std::move(text));
    tree_.nodes[node].begin = mark;
    tree_.nodes[node].scoping = scoping;
    return node;
  }

  NodeId add_has(std::uint32_t mark, const std::vector<NodeId>& children) {
    if (children.size() != 1 || tree_.nodes[children[0]].kind != NodeKind::select) {
      fail_at("has() takes one field selection, as in has(a.b)", mark);
    }
    const Node& selection = tree_.nodes[children[0]];
    const NodeId node = add(NodeKind::has, mark, {selection.children[0]}, selection.name);
    tree_.nodes[node].begin = mark;
    return node;
  }

  /// Where a '?' stands before an element of a list or a map, which may then be left out.
  std::optional<std::uint32_t> question() {
    const std::uint32_t mark = token_.begin;
    return take("?") ? std::optional(mark) : std::nullopt;
  }
  NodeId entry(std::optional<std::uint32_t> question_mark) {
    const NodeId value = expression();
    return question_mark ? add(NodeKind::optional_entry, *question_mark, {value}) : value;
  }

  NodeId list(std::uint32_t begin) {
    std::vector<NodeId> items;
    while (!token_.is("]")) {
      const auto mark = question();
      items.push_back(entry(mark));
      if (!take(",")) break;
    }
    expect("]");
    const NodeId node = add(NodeKind::list, begin, std::move(items));
    tree_.nodes[node].begin = begin;
    return node;
  }

  NodeId map(std::uint32_t begin) {
    std::vector<NodeId> entries;
    while (!token_.is("}")) {
      const auto mark = question();
      entries.push_back(expression());
      expect(":");
      entries.push_back(entry(mark));
      if (!take(",")) break;
    }
    expect("}");
    const NodeId node = add(NodeKind::map, begin, std::move(entries));
    tree_.nodes[node].begin = begin;
    return node;
  }

  const Limits& limits_;
  Lexer lexer_;
  Token token_;
  std::uint32_t previous_end_ = 0;
  std::size_t depth_ = 0;
  Tree tree_;
};

}  // namespace

std::expected<Tree, Issue> parse(std::string_view source, const Limits& limits) {
  if (source.size() > limits.source_bytes_max) {
    return std::unexpected(Issue{"the expression is longer than " +
                                 std::to_string(limits.source_bytes_max) + " bytes"});
  }
  if (!is_utf8(source)) return std::unexpected(Issue{"the expression is not valid UTF-8"});
  try {
    return Parser(source, limits).finish();
  } catch (const Refusal& refusal) {
    const Place place = place_of(source, refusal.offset);
    return std::unexpected(Issue{refusal.message, place.line, place.column});
  }
}

}  // namespace holdpoint::policy::cel
