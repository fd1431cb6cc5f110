using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Debyard.Debian.Compression;
using Debyard.Debian.Control;
using Debyard.Debian.Names;

namespace Debyard.Debian.Packages;

/// <summary>Reads the .deb container (deb(5)): an ar archive of <c>debian-binary</c>, <c>control.tar</c> and <c>data.tar</c>.</summary>
public static partial class DebFile
{
    const string ControlMember = "control.tar";
    const string DataMember = "data.tar";

    // The largest control archives in Debian (installer and kernel packages) are a few MiB, mostly md5sums.
    const int ControlArchiveLimit = 16 * 1024 * 1024;
    const int ControlFileLimit = 1024 * 1024;

    /// <summary>
    /// Checks the whole container and returns the package's control data: all members must be in order and have the sizes that their
    /// headers state. Of <c>data.tar</c> only the start is decompressed, to check that the compression is what the name says. A stream
    /// that cannot seek is read to its end. The stream stays open.
    /// </summary>
    /// <exception cref="DebianFormatException">
    /// The stream is not a package, damaged or truncated, or Package, Version or Architecture is missing or invalid.
    /// </exception>
    public static async Task<Stanza> ReadControlAsync(Stream deb, CancellationToken cancellation = default)
    {
        var archive = new ArReader(deb);
        await ReadFormatVersionAsync(archive, cancellation);
        var control = await ReadControlMemberAsync(
            archive,
            async (tar, member) =>
                Stanza.Parse(await ReadControlFileAsync("control", tar, member, cancellation) ?? throw NoControl(member)),
            cancellation
        );
        await BeginDataAsync(archive, cancellation);
        while (await archive.NextAsync(cancellation) is not null)
            continue;
        _ = DebFileName.For(control);
        return control;
    }

    /// <summary>Returns a file of the control archive, such as <c>shlibs</c> or <c>postinst</c>; null if the package has none.</summary>
    /// <exception cref="DebianFormatException">The stream is not a package or damaged, or the file is larger than 1 MiB.</exception>
    public static async Task<string?> ReadControlFileAsync(Stream deb, string name, CancellationToken cancellation = default)
    {
        var archive = new ArReader(deb);
        await ReadFormatVersionAsync(archive, cancellation);
        return await ReadControlMemberAsync(archive, (tar, member) => ReadControlFileAsync(name, tar, member, cancellation), cancellation);
    }

    /// <summary>
    /// Returns the package's files as an uncompressed tar stream, which decompresses as the caller reads. Dispose it before the package.
    /// </summary>
    /// <exception cref="DebianFormatException">The stream is not a package; on reading also: damaged or truncated.</exception>
    public static async Task<Stream> OpenDataAsync(Stream deb, CancellationToken cancellation = default)
    {
        var archive = new ArReader(deb);
        await ReadFormatVersionAsync(archive, cancellation);
        await FindControlAsync(archive, cancellation);
        return Decompress(await FindDataAsync(archive, cancellation), DataMember, archive.Content);
    }

    /// <summary>Checks that the control data matches the file name.</summary>
    /// <exception cref="DebianFormatException">It does not; the message contains the field and both values.</exception>
    public static void CheckName(Stanza control, DebFileName name)
    {
        var actual = DebFileName.For(control);
        Check("Package", actual.Name.ToString(), name.Name.ToString());
        Check("Version", actual.Version, name.Version);
        if (name.Epoch is { } promisedEpoch)
            Check("the epoch of Version", Text(DebianVersion.Parse(control.Required("Version")).Epoch), Text(promisedEpoch));
        Check("Architecture", actual.Architecture.ToString(), name.Architecture.ToString());

        void Check(string field, string inside, string promised)
        {
            if (inside != promised)
                throw new DebianFormatException(
                    $"The file name says {field} is {promised}, but the control data says {inside}: rename the file to {actual}."
                );
        }

        static string Text(int epoch) => epoch.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Checks that apt can install the package. A udeb is for the Debian installer only; often its Section is the only sign (Debian Policy
    /// 2.4, 5.6.30). A ddeb, Ubuntu's package of debug symbols, is an ordinary package.
    /// </summary>
    /// <exception cref="DebianFormatException">It is a udeb, or of an unknown type.</exception>
    public static void CheckType(Stanza control)
    {
        var section = control["Section"] ?? "";
        var isInSectionOfUdebs = section[(section.LastIndexOf('/') + 1)..] == "debian-installer";
        var problem = control["Package-Type"] switch
        {
            null or "" when isInSectionOfUdebs => "is a udeb (Section: debian-installer), a package for the Debian installer",
            null or "" or "deb" or "ddeb" => null,
            "udeb" => "is a udeb, a package for the Debian installer",
            var other => $"has the unknown Package-Type '{other}'",
        };
        if (problem is not null)
            throw new DebianFormatException($"The package {problem}; apt cannot install it.");
    }

    static async Task ReadFormatVersionAsync(ArReader archive, CancellationToken cancellation)
    {
        await archive.ReadMagicAsync(cancellation);
        if (await archive.NextAsync(cancellation) is not { Name: "debian-binary" } member)
            throw new DebianFormatException("The file is not a Debian package: its first member is not debian-binary.");
        if (member.Size is < 4 or > 128)
            throw new DebianFormatException("The package is damaged: its member debian-binary contains no format version.");
        var version = new byte[member.Size];
        await archive.Content.ReadExactlyAsync(version, cancellation);
        if (!version.AsSpan().StartsWith("2."u8) || !version.AsSpan().Contains((byte)'\n'))
            throw new DebianFormatException("The package's format version is not 2.x, the only version that exists.");
    }

    static async Task<ArMember> FindControlAsync(ArReader archive, CancellationToken cancellation) =>
        await FindAsync(archive, ControlMember, cancellation);

    static async Task<ArMember> FindDataAsync(ArReader archive, CancellationToken cancellation) =>
        await FindAsync(archive, DataMember, cancellation);

    // deb(5): members whose names start with an underscore may precede and can be ignored.
    static async Task<ArMember> FindAsync(ArReader archive, string name, CancellationToken cancellation)
    {
        ArMember? member;
        do member = await archive.NextAsync(cancellation);
        while (member is { Name: ['_', ..] });

        return member switch
        {
            null => throw new DebianFormatException($"The package has no member {name}: it is truncated or not a package."),
            var found when found.Value.Name == name || found.Value.Name.StartsWith($"{name}.", StringComparison.Ordinal) => found.Value,
            var other => throw new DebianFormatException($"The package has the member {other.Value.Name} in the place of {name}."),
        };
    }

    // deb(5): dpkg accepts .bz2 and .lzma for data.tar only.
    static Stream Decompress(ArMember member, string name, Stream content) =>
        (name, member.Name[name.Length..]) switch
        {
            (_, "") => content,
            (_, ".gz") => GZip.Decompress(content),
            (_, ".xz") => Xz.Decompress(content),
            (_, ".zst") => Zstandard.Decompress(content),
            (DataMember, ".bz2") => BZip2.Decompress(content),
            (DataMember, ".lzma") => LegacyLzma.Decompress(content),
            _ => throw new DebianFormatException(
                $"The compression of the package's member {member.Name} is not supported: use none, gzip, xz or zstd."
            ),
        };

    static async Task<T> ReadControlMemberAsync<T>(
        ArReader archive,
        Func<MemoryStream, ArMember, Task<T>> read,
        CancellationToken cancellation
    )
    {
        var member = await FindControlAsync(archive, cancellation);
        if (member.Size > ControlArchiveLimit)
            throw TooLarge(member);
        try
        {
            using var tar = new MemoryStream();
            await using (var decompressed = Decompress(member, ControlMember, archive.Content))
                await CopyAsync(decompressed, tar, member, cancellation);
            tar.Position = 0;
            return await read(tar, member);
        }
        catch (Exception exception)
            when (exception is InvalidDataException or EndOfStreamException or FormatException or OverflowException or ArgumentException)
        {
            // GZipStream and TarReader throw these for invalid data.
            throw new DebianFormatException($"The package is damaged: its member {member.Name} cannot be read.", exception);
        }
    }

    static async Task BeginDataAsync(ArReader archive, CancellationToken cancellation)
    {
        var member = await FindDataAsync(archive, cancellation);
        try
        {
            await using var decompressed = Decompress(member, DataMember, archive.Content);
            _ = await decompressed.ReadAsync(new byte[1], cancellation);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new DebianFormatException($"The package is damaged: its member {member.Name} cannot be read.", exception);
        }
    }

    static async Task CopyAsync(Stream decompressed, MemoryStream tar, ArMember member, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        while (await decompressed.ReadAsync(buffer, cancellation) is var count && count > 0)
        {
            if (tar.Length + count > ControlArchiveLimit)
                throw TooLarge(member);
            tar.Write(buffer, 0, count);
        }
    }

    static async Task<string?> ReadControlFileAsync(string name, MemoryStream tar, ArMember member, CancellationToken cancellation)
    {
        await using var reader = new TarReader(tar);
        while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            if (entry.Name != name && entry.Name != $"./{name}")
                continue;
            if (entry.DataStream is not { Length: > 0 and <= ControlFileLimit } content)
                throw new DebianFormatException(
                    $"The entry {name} in the package's {member.Name} is not a file, is empty, or is larger than 1 MiB."
                );
            var bytes = new byte[content.Length];
            await content.ReadExactlyAsync(bytes, cancellation);
            return DecodeUtf8(bytes);
        }
        return null;
    }

    // Debian Policy 5.1: control data is UTF-8.
    static string DecodeUtf8(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new DebianFormatException("The package's control data is not encoded in UTF-8.", exception);
        }
    }

    static DebianFormatException NoControl(ArMember member) => new($"The package's {member.Name} contains no file control.");

    static DebianFormatException TooLarge(ArMember member) =>
        new($"The package's member {member.Name} is larger than 16 MiB, far more than control data needs.");
}
