using Debyard.Debian.Packages;
using Debyard.Tests;

namespace Debyard.Debian.Tests;

public sealed class ReadingPackageTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task Control_data_is_read_from_what_dpkg_deb_built(string compression)
    {
        var expected =
            "Package: streamer\nVersion: 2:1.0~rc1-3\nArchitecture: amd64\nMaintainer: A <a@example.org>\nDescription: streams\n more\n .\n text\n";
        var deb = Build(expected, compression);

        await using var seekable = File.OpenRead(deb);
        Assert.Equal(expected, (await DebFile.ReadControlAsync(seekable)).ToString());
        await using var flowing = new OneWayStream(File.ReadAllBytes(deb));
        Assert.Equal(expected, (await DebFile.ReadControlAsync(flowing)).ToString());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task A_package_cut_short_anywhere_is_refused_with_one_sentence(string compression)
    {
        var whole = File.ReadAllBytes(
            Build("Package: ab\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: d\n", compression)
        );
        foreach (var length in Positions(whole))
        {
            var seekable = new MemoryStream(whole, 0, length);
            var fault = await Assert.ThrowsAsync<DebianFormatException>(() => DebFile.ReadControlAsync(seekable));
            Assert.DoesNotContain('\n', fault.Message);
            await Assert.ThrowsAsync<DebianFormatException>(() => DebFile.ReadControlAsync(new OneWayStream(whole[..length])));
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task A_package_with_any_byte_changed_is_read_or_refused_but_nothing_else(string compression)
    {
        var whole = File.ReadAllBytes(
            Build("Package: ab\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: d\n", compression)
        );
        var refused = 0;
        foreach (var at in Positions(whole))
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            try
            {
                await DebFile.ReadControlAsync(new MemoryStream(damaged));
            }
            catch (DebianFormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 60, whole.Length); // the headers alone
    }

    // Every one in a compressed package; an uncompressed one is mostly padding.
    static IEnumerable<int> Positions(byte[] package) =>
        Enumerable.Range(0, package.Length).Where(at => package.Length < 4000 || at < 200 || at % 16 == 0 || at > package.Length - 20);

    string Build(string control, string compression)
    {
        folder.Write("tree/DEBIAN/control", control);
        folder.Write("tree/usr/share/doc/streamer/README", "hello\n");
        Tool.Run("dpkg-deb", "--root-owner-group", $"-Z{compression}", "--build", folder["tree"], folder["built.deb"]);
        return folder["built.deb"];
    }

    public void Dispose() => folder.Dispose();
}
