using Debyard.Debian.Control;
using Debyard.Debian.Packages;
using Debyard.Pipeline.Artifacts;

namespace Debyard.Pipeline.Tests.Artifacts;

public sealed class PackageComparisonTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Each_file_and_field_that_differs_is_named() =>
        Assert.Equal(
            [
                "/opt/only-first is only in the first package",
                "/opt/player: content 87428fc52280, then 0263829989b6",
                "control field Description: value one, then two",
            ],
            (
                await DifferencesAsync(
                    await PackAsync("a", "one", DateTimeOffset.UnixEpoch, ("/opt/player", "a\n"), ("/opt/only-first", "")),
                    await PackAsync("b", "two", DateTimeOffset.UnixEpoch, ("/opt/player", "b\n"))
                )
            ).Where(line => !line.Contains("Installed-Size", StringComparison.Ordinal))
        );

    [Fact]
    public async Task Times_alone_are_named_as_times() =>
        Assert.Contains(
            "/opt/player: time 1970-01-01 00:00:00Z, then 1970-01-02 00:00:00Z",
            await DifferencesAsync(
                await PackAsync("a", "one", DateTimeOffset.UnixEpoch, ("/opt/player", "a")),
                await PackAsync("b", "one", DateTimeOffset.UnixEpoch.AddDays(1), ("/opt/player", "a"))
            )
        );

    [Fact]
    public async Task What_differs_only_in_its_packing_is_said_to()
    {
        var package = await PackAsync("a", "one", DateTimeOffset.UnixEpoch, ("/opt/player", "a"));

        Assert.StartsWith("their files are the same", Assert.Single(await DifferencesAsync(package, package)), StringComparison.Ordinal);
    }

    static Task<IReadOnlyList<string>> DifferencesAsync(string first, string second) =>
        PackageComparison.OfAsync(first, second, CancellationToken.None);

    async Task<string> PackAsync(string name, string description, DateTimeOffset time, params (string Path, string Text)[] files)
    {
        var control = new Stanza(
            new Field("Package", "player"),
            new Field("Version", "1"),
            new Field("Architecture", "all"),
            new Field("Maintainer", "P <p@example.org>"),
            new Field("Description", description)
        );
        await using var output = File.Create(folder[name]);
        await new DebWriter(control, time) { Entries = [.. files.Select(file => DebFileEntry.OfText(file.Path, file.Text))] }.WriteAsync(
            output
        );
        return folder[name];
    }

    public void Dispose() => folder.Dispose();
}
