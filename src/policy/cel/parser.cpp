// See parser.hpp. Recursive descent, one function per level of precedence. Refusals inside travel
// as an exception of this file alone and leave it as values.
#include "policy/cel/parser.hpp"

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"
#include "policy/cel/lexer.hpp"

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

std::optional<NodeKind> loop_of(std::string_view name, std::size_t arguments) {
  if (name == "map" && (arguments == 2 || arguments == 3)) return NodeKind::map_each;
  if (arguments != 2) return std::nullopt;
  if (name == "all") return NodeKind::all;
  if (name == "exists") return NodeKind::exists;
  if (name == "exists_one" || name == "existsOne") return NodeKind::exists_one;
  if (name == "filter") return NodeKind::filter;
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
        if (token_.is("?")) fail("optional values are not supported: use has()");
        const NodeId key = expression();
        expect("]");
        node = add(NodeKind::index, mark, {node, key});
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
    if (token_.is("?")) fail("optional values are not supported: use has()");
    const std::uint32_t mark = token_.begin;
    const bool is_quoted = token_.kind == TokenKind::quoted_identifier;
    if (token_.kind != TokenKind::identifier && !is_quoted) {
      fail(found() + ": a field name is missing after '.'");
    }
    std::string name = token_.text;
    advance();
    if (is_quoted || !token_.is("(")) {
      const NodeId node = add(NodeKind::select, mark, {target}, std::move(name));
      tree_.nodes[node].begin = std::min(tree_.nodes[target].begin, dot);
      return node;
    }
    std::vector<NodeId> children = arguments();
    children.insert(children.begin(), target);
    if (const auto loop = loop_of(name, children.size() - 1)) {
      return add_loop(*loop, mark, std::move(children));
    }
    const NodeId node = add(NodeKind::call, mark, std::move(children), std::move(name));
    tree_.nodes[node].receiver = Receiver::present;
    return node;
  }

  NodeId add_loop(NodeKind kind, std::uint32_t mark, std::vector<NodeId> children) {
    const Node& variable = tree_.nodes[children[1]];
    if (variable.kind != NodeKind::ident || variable.scoping == Scoping::outermost) {
      fail_at("the first argument must be a name for the element", variable.begin);
    }
    std::string name = variable.name;
    children.erase(children.begin() + 1);
    return add(kind, mark, std::move(children), std::move(name));
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

  enum class Sign : std::uint8_t { none, minus };

  NodeId number(std::uint32_t mark, Sign sign) {
    const Value value = number_value(sign);
    advance();
    return constant(mark, value);
  }

  [[nodiscard]] Value number_value(Sign sign) const {
    const std::string text = (sign == Sign::minus ? "-" : "") + token_.text;
    if (token_.kind == TokenKind::floating) {
      double value = 0;
      const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
      if (result.ec == std::errc::result_out_of_range) fail("the number is out of range");
      return Value::of(value);
    }
    std::string_view digits = token_.text;
    int radix = 10;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
      digits.remove_prefix(2);
      radix = 16;
    }
    std::uint64_t magnitude = 0;
    const auto result =
        std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, radix);
    if (result.ec != std::errc()) fail("the number does not fit in 64 bits");
    if (token_.kind == TokenKind::unsigned_integer) return Value::of(magnitude);
    constexpr std::uint64_t lowest = 1ULL << 63;
    if (sign == Sign::minus ? magnitude > lowest : magnitude >= lowest) {
      fail("the number does not fit in 64 bits");
    }
    return Value::of(static_cast<std::int64_t>(sign == Sign::minus ? 0 - magnitude : magnitude));
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

  NodeId list(std::uint32_t mark) {
    std::vector<NodeId> items;
    while (!token_.is("]")) {
      if (token_.is("?")) fail("optional values are not supported");
      items.push_back(expression());
      if (!take(",")) break;
    }
    expect("]");
    const NodeId node = add(NodeKind::list, mark, std::move(items));
    tree_.nodes[node].begin = mark;
    return node;
  }

  NodeId map(std::uint32_t mark) {
    std::vector<NodeId> entries;
    while (!token_.is("}")) {
      if (token_.is("?")) fail("optional values are not supported");
      entries.push_back(expression());
      expect(":");
      entries.push_back(expression());
      if (!take(",")) break;
    }
    expect("}");
    const NodeId node = add(NodeKind::map, mark, std::move(entries));
    tree_.nodes[node].begin = mark;
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
