using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Debyard.Debian.Compression;
using Debyard.Debian.Packages;

namespace Debyard.Debian.Tests;

/// <summary>Packages assembled by hand. Most have one defect, which the test is named after.</summary>
public sealed class ContainerTests
{
    static readonly byte[] version = "2.0\n"u8.ToArray();
    static readonly byte[] control = Tar(("./control", "Package: ab\nVersion: 1\nArchitecture: all\n"u8.ToArray()));
    static readonly byte[] data = Tar();

    [Fact]
    public async Task Optional_members_are_skipped()
    {
        var deb = Ar(
            ("debian-binary", "2.7\nmore\n"u8.ToArray()),
            ("_x", [1]),
            ("control.tar/", control),
            ("_y", [1, 2, 3]),
            ("data.tar", data),
            ("z", [1])
        );
        Assert.Equal("ab", (await DebFile.ReadControlAsync(new MemoryStream(deb)))["Package"]);
        Assert.Equal("ab", (await DebFile.ReadControlAsync(new OneWayStream(deb)))["Package"]);
    }

    [Fact]
    public async Task The_installed_files_can_be_read_too()
    {
        var deb = Ar(("debian-binary", version), ("control.tar", control), ("data.tar", Tar(("./usr/bin/tool", "#!"u8.ToArray()))));
        await using var source = new OneWayStream(deb);
        await using var reader = new TarReader(await DebFile.OpenDataAsync(source));
        Assert.Equal("./", (await reader.GetNextEntryAsync())!.Name);
        Assert.Equal("./usr/bin/tool", (await reader.GetNextEntryAsync())!.Name);
    }

    [Fact]
    public Task A_file_that_is_not_an_archive() => Refused("does not start as an ar archive", "Package: ab\n"u8.ToArray());

    [Fact]
    public Task An_archive_without_debian_binary() =>
        Refused("first member is not debian-binary", Ar(("control.tar", control), ("data.tar", data)));

    [Fact]
    public Task An_unknown_format_version() =>
        Refused("not 2.x", Ar(("debian-binary", "3.0\n"u8.ToArray()), ("control.tar", control), ("data.tar", data)));

    [Fact]
    public Task A_missing_format_version() =>
        Refused("no format version", Ar(("debian-binary", []), ("control.tar", control), ("data.tar", data)));

    [Fact]
    public Task A_missing_data_member() => Refused("no member data.tar", Ar(("debian-binary", version), ("control.tar", control)));

    [Fact]
    public Task Data_before_control() =>
        Refused("data.tar in the place of control.tar", Ar(("debian-binary", version), ("data.tar", data), ("control.tar", control)));

    [Fact]
    public Task An_unsupported_compression() =>
        Refused("none, gzip, xz or zstd", Ar(("debian-binary", version), ("control.tar.bz2", control), ("data.tar", data)));

    [Fact]
    public Task A_control_member_that_is_not_a_tar() =>
        Refused("control.tar", Ar(("debian-binary", version), ("control.tar", new byte[100]), ("data.tar", data)));

    [Fact]
    public Task A_control_archive_without_control() =>
        Refused("contains no file control", Ar(("debian-binary", version), ("control.tar", data), ("data.tar", data)));

    [Fact]
    public Task Control_in_another_encoding() => Refused("UTF-8", WithControl([.. "Package: ab\nMaintainer: L"u8, 0xe9, .. "a\n"u8]));

    [Fact]
    public Task Control_of_two_stanzas() => Refused("more than one", WithControl("Package: ab\n\nVersion: 1\n"u8.ToArray()));

    [Fact]
    public Task Control_without_an_architecture() => Refused("no Architecture", WithControl("Package: ab\nVersion: 1\n"u8.ToArray()));

    [Fact]
    public Task An_empty_control() => Refused("empty", WithControl([]));

    [Fact]
    public Task A_control_that_is_a_folder()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
            writer.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "./control"));
        return Refused("not a file", Ar(("debian-binary", version), ("control.tar", tar.ToArray()), ("data.tar", data)));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0x10")]
    [InlineData("")]
    [InlineData("1 2")]
    public Task An_invalid_member_size(string size) =>
        Refused("no valid size", [.. Ar(("debian-binary", version)), .. Header("control.tar", size)]);

    [Fact]
    public Task A_member_size_beyond_the_end_of_the_file() =>
        Refused("truncated", [.. Ar(("debian-binary", version), ("control.tar", control)), .. Header("data.tar.xz", "9999999999"), 1, 2]);

    [Fact]
    public Task A_control_archive_that_is_too_large() =>
        Refused("16 MiB", [.. Ar(("debian-binary", version)), .. Header("control.tar", "9999999999"), 1, 2]);

    [Theory]
    [InlineData(".gz")]
    [InlineData(".xz")]
    public async Task A_control_archive_that_decompresses_to_too_much(string extension)
    {
        var packed = new MemoryStream();
        await using (var stream = extension == ".xz" ? Xz.Compress(packed, 1) : GZip.Compress(packed))
        {
            for (var i = 0; i < 64; i++)
                await stream.WriteAsync(new byte[1024 * 1024]);
        }
        await Refused("16 MiB", Ar(("debian-binary", version), ("control.tar" + extension, packed.ToArray()), ("data.tar", data)));
    }

    static async Task Refused(string part, byte[] deb)
    {
        foreach (Stream stream in new Stream[] { new MemoryStream(deb), new OneWayStream(deb) })
        {
            var fault = await Assert.ThrowsAsync<DebianFormatException>(() => DebFile.ReadControlAsync(stream));
            Assert.Contains(part, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);
            Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
        }
    }

    static byte[] WithControl(byte[] content) =>
        Ar(("debian-binary", version), ("control.tar", Tar(("./control", content))), ("data.tar", data));

    static byte[] Ar(params (string Name, byte[] Content)[] members) =>
        [
            .. "!<arch>\n"u8,
            .. members.SelectMany(member =>
                (byte[])
                    [
                        .. Header(member.Name, member.Content.Length.ToString(CultureInfo.InvariantCulture)),
                        .. member.Content,
                        .. new string('\n', member.Content.Length % 2).Select(end => (byte)end),
                    ]
            ),
        ];

    static byte[] Header(string name, string size) =>
        Encoding.ASCII.GetBytes($"{name, -16}{0, -12}{0, -6}{0, -6}{"100644", -8}{size, -10}`\n");

    static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "./"));
            foreach (var (name, content) in files)
                writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }
        return tar.ToArray();
    }
}
