using Debyard.Debian.Names;
using FsCheck.Fluent;

namespace Debyard.Debian.Tests;

public sealed class VersionTests
{
    // dpkg compares all pairs in one shell.
    const string comparing = """
        while read -r left right; do
            if dpkg --compare-versions "$left" lt "$right"; then echo -1
            elif dpkg --compare-versions "$left" gt "$right"; then echo 1
            else echo 0; fi
        done
        """;

    [Fact]
    public void Versions_are_ordered_as_dpkg_orders_them()
    {
        var versions = Generated.Sample(Generated.Version, 1000);
        (string Left, string Right)[] pairs =
        [
            .. versions.Chunk(2).Select(pair => (pair[0], pair[1])),
            ("1.0", "1.0-0"),
            ("0:1", "1"),
            ("1~~", "1~~a"),
            ("1~", "1"),
            ("1.0a", "1.0+"),
            ("1-1", "1-1.1"),
            ("9", "10"),
            ("1:0", "99"),
            ("2:1", "10:1"),
        ];

        var orders = Tool.RunWithInput("sh", string.Concat(pairs.Select(pair => $"{pair.Left} {pair.Right}\n")), "-c", comparing);

        var expected = orders
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Zip(pairs, (order, pair) => $"{pair.Left} {pair.Right} {order}");
        var actual = pairs.Select(pair =>
            $"{pair.Left} {pair.Right} {Math.Sign(DebianVersion.Parse(pair.Left).CompareTo(DebianVersion.Parse(pair.Right)))}"
        );
        Assert.Equal(expected, actual);
        Assert.Equal(3, orders.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
    }

    [Fact]
    public void A_version_is_split_into_its_parts() =>
        Generated.Holds(
            Generated.Version,
            text =>
            {
                var version = DebianVersion.Parse(text);
                Assert.Equal(text, version.ToString());
                Assert.Equal(
                    version.WithoutEpoch,
                    version.Revision.Length > 0 ? $"{version.UpstreamVersion}-{version.Revision}" : version.UpstreamVersion
                );
                Assert.Equal(text.Contains(':') ? int.Parse(text.Split(':')[0], null) : 0, version.Epoch);
            }
        );

    [Fact]
    public void The_order_is_antisymmetric() =>
        Generated.Holds(
            Generated.Version.Two(),
            pair =>
            {
                var (left, right) = (DebianVersion.Parse(pair.Item1), DebianVersion.Parse(pair.Item2));
                Assert.Equal(Math.Sign(left.CompareTo(right)), -Math.Sign(right.CompareTo(left)));
            }
        );

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("a:1")]
    [InlineData("-1:1")]
    [InlineData("99999999999:1")]
    [InlineData("1:")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("1 0")]
    [InlineData("1/0")]
    [InlineData("1_0")]
    [InlineData("~1")]
    [InlineData("1\n")]
    [InlineData("١")]
    public void Text_that_is_not_a_version_is_refused_by_name(string text)
    {
        var fault = Assert.Throws<DebianFormatException>(() => DebianVersion.Parse(text));
        Assert.Contains($"'{text}'", fault.Message, StringComparison.Ordinal);
    }
}
