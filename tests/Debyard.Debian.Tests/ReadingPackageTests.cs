using Debyard.Debian.Control;
using Debyard.Debian.Packages;

namespace Debyard.Debian.Tests;

public sealed class ReadingPackageTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task Control_data_of_a_package_built_by_dpkg_deb_is_read(string compression)
    {
        var expected =
            "Package: streamer\nVersion: 2:1.0~rc1-3\nArchitecture: amd64\nMaintainer: A <a@example.org>\n"
            + "Description: streams\n more\n .\n text\n";
        var deb = Build(expected, compression);

        await using var seekable = File.OpenRead(deb);
        Assert.Equal(expected, (await DebFile.ReadControlAsync(seekable)).ToString());
        await using var flowing = new OneWayStream(File.ReadAllBytes(deb));
        Assert.Equal(expected, (await DebFile.ReadControlAsync(flowing)).ToString());
    }

    // dpkg-deb reads bzip2 and lzma but no longer writes them, so ar(1) puts these packages together.
    [Theory]
    [InlineData("none", "bzip2")]
    [InlineData("gzip", "bzip2")]
    [InlineData("xz", "lzma")]
    [InlineData("none", "none")]
    [InlineData("none", "gzip")]
    [InlineData("zstd", "none")]
    [InlineData("zstd", "zstd")]
    public async Task Every_compression_of_a_member_that_dpkg_reads_is_read_as_dpkg_reads_it(string control, string data)
    {
        var deb = Pack(control, data);
        var expectedControl = Tool.Run("dpkg-deb", "--field", deb);
        Tool.Run("sh", "-c", $"dpkg-deb --fsys-tarfile '{deb}' > '{folder["data"]}'");

        foreach (Stream stream in new Stream[] { File.OpenRead(deb), new OneWayStream(File.ReadAllBytes(deb)) })
        {
            await using (stream)
                Assert.Equal(expectedControl, (await DebFile.ReadControlAsync(stream)).ToString());
        }
        foreach (Stream stream in new Stream[] { File.OpenRead(deb), new OneWayStream(File.ReadAllBytes(deb)) })
        {
            await using (stream)
            {
                await using var tar = await DebFile.OpenDataAsync(stream);
                var read = new MemoryStream();
                await tar.CopyToAsync(read);
                Assert.Equal(File.ReadAllBytes(folder["data"]), read.ToArray());
            }
        }
    }

    [Fact]
    public async Task Control_data_in_a_compression_that_dpkg_refuses_is_refused()
    {
        var deb = Pack("bzip2", "gzip");
        Tool.Fails("dpkg-deb", "--field", deb);

        await using var file = File.OpenRead(deb);
        var fault = await Assert.ThrowsAsync<DebianFormatException>(() => DebFile.ReadControlAsync(file));
        Assert.Contains("use none, gzip, xz or zstd", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bzip2")]
    [InlineData("lzma")]
    public async Task Data_whose_name_says_another_compression_is_refused(string data)
    {
        var deb = File.ReadAllBytes(Pack("gzip", "gzip"));
        var extension = data == "bzip2" ? ".bz2" : ".lzma";
        var name = "data.tar.gz/    "u8;
        $"data.tar{extension}"
            .PadRight(name.Length)
            .Select(letter => (byte)letter)
            .ToArray()
            .CopyTo(deb.AsSpan(deb.AsSpan().IndexOf(name)));

        await Assert.ThrowsAsync<DebianFormatException>(() => DebFile.ReadControlAsync(new MemoryStream(deb)));
    }

    [Theory]
    [InlineData("Package-Type: udeb\n", "installer")]
    [InlineData("Package-Type: udeb\nSection: utils\n", "installer")]
    [InlineData("Section: debian-installer\n", "Section: debian-installer")]
    [InlineData("Section: non-free/debian-installer\n", "Section: debian-installer")]
    [InlineData("Package-Type: rpm\n", "'rpm'")]
    public void A_package_that_apt_cannot_install_is_refused_with_the_reason(string fields, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<DebianFormatException>(() => DebFile.CheckType(Stanza.Parse("Package: ab\n" + fields))).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("")]
    [InlineData("Package-Type: deb\n")]
    [InlineData("Package-Type: ddeb\nSection: debug\n")]
    [InlineData("Section: debian-installer-tools\n")]
    [InlineData("Section: universe/utils\nPackage-Type:\n")]
    public void A_package_that_apt_can_install_is_accepted(string fields) => DebFile.CheckType(Stanza.Parse("Package: ab\n" + fields));

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task A_package_truncated_anywhere_is_refused_with_one_sentence(string compression)
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
    public async Task A_package_with_one_changed_bit_is_read_or_refused(string compression)
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
        Assert.InRange(refused, 60, whole.Length); // at least the headers are checked
    }

    // Every position of a compressed package; an uncompressed package is mostly padding.
    static IEnumerable<int> Positions(byte[] package) =>
        Enumerable.Range(0, package.Length).Where(at => package.Length < 4000 || at < 200 || at % 16 == 0 || at > package.Length - 20);

    string Pack(string control, string data)
    {
        var plain = Build(
            "Package: ab\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: d\n",
            compression: "none"
        );
        Tool.Run("ar", "x", $"--output={folder["tree"]}", plain);
        var parts = new[] { folder["tree/debian-binary"], Compress("control.tar", control), Compress("data.tar", data) };
        File.Delete(folder["packed.deb"]);
        Tool.Run("ar", ["rc", folder["packed.deb"], .. parts]);
        return folder["packed.deb"];
    }

    string Compress(string member, string compression)
    {
        var extension = compression switch
        {
            "none" => "",
            "gzip" => ".gz",
            "bzip2" => ".bz2",
            "zstd" => ".zst",
            _ => "." + compression,
        };
        if (extension.Length > 0)
            Tool.Run("sh", "-c", $"{compression} -c < '{folder["tree/" + member]}' > '{folder["tree/" + member + extension]}'");
        return folder["tree/" + member + extension];
    }

    string Build(string control, string compression)
    {
        folder.Write("tree/DEBIAN/control", control);
        folder.Write("tree/usr/share/doc/streamer/README", "hello\n");
        Tool.Run("dpkg-deb", "--root-owner-group", $"-Z{compression}", "--build", folder["tree"], folder["built.deb"]);
        return folder["built.deb"];
    }

    public void Dispose() => folder.Dispose();
}
