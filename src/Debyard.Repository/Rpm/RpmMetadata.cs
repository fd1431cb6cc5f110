using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Debyard.Debian.Compression;

namespace Debyard.Repository.Rpm;

/// <summary>A package as the metadata describes it.</summary>
/// <param name="Location">Its path relative to the repository's base URL.</param>
/// <param name="Sha256">Of the file; also the package's id in all three documents.</param>
/// <param name="Size">Of the file, in bytes.</param>
/// <param name="Time">When the file was added.</param>
sealed record DescribedRpm(RpmFile File, string Location, string Sha256, long Size, DateTimeOffset Time);

/// <summary>A compressed document of the metadata.</summary>
sealed record MetadataFile(string Type, byte[] Compressed, string Sha256, string OpenSha256, long OpenSize)
{
    public string Name => $"{Sha256}-{Type}.xml.gz";
}

/// <summary>
/// Writes the documents that dnf, yum and zypper read, as createrepo_c does: primary, filelists and other, and repomd.xml, which names them
/// by their digests.
/// </summary>
static class RpmMetadata
{
    static readonly XNamespace common = "http://linux.duke.edu/metadata/common";
    static readonly XNamespace lists = "http://linux.duke.edu/metadata/filelists";
    static readonly XNamespace others = "http://linux.duke.edu/metadata/other";
    static readonly XNamespace rpm = "http://linux.duke.edu/metadata/rpm";
    static readonly XNamespace repo = "http://linux.duke.edu/metadata/repo";

    static readonly XmlWriterSettings settings = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    public static IReadOnlyList<MetadataFile> Write(IReadOnlyList<DescribedRpm> packages) =>
        [
            Document("primary", common + "metadata", packages, Primary),
            Document("filelists", lists + "filelists", packages, FileList),
            // For changelogs, which packages made from a .deb do not have.
            Document("other", others + "otherdata", packages, package => Identified(others, package)),
        ];

    /// <summary>The index of the documents, which is what is signed.</summary>
    /// <param name="revision">Grows with each generation.</param>
    public static byte[] WriteIndex(IReadOnlyList<MetadataFile> documents, long revision, DateTimeOffset now)
    {
        using var output = new MemoryStream();
        using (var xml = XmlWriter.Create(output, settings))
            new XElement(
                repo + "repomd",
                new XElement(repo + "revision", revision),
                documents.Select(document => new XElement(
                    repo + "data",
                    new XAttribute("type", document.Type),
                    new XElement(repo + "checksum", new XAttribute("type", "sha256"), document.Sha256),
                    new XElement(repo + "open-checksum", new XAttribute("type", "sha256"), document.OpenSha256),
                    new XElement(repo + "location", new XAttribute("href", $"repodata/{document.Name}")),
                    new XElement(repo + "timestamp", now.ToUnixTimeSeconds()),
                    new XElement(repo + "size", document.Compressed.Length),
                    new XElement(repo + "open-size", document.OpenSize)
                ))
            ).WriteTo(xml);
        return output.ToArray();
    }

    static MetadataFile Document(string type, XName root, IReadOnlyList<DescribedRpm> packages, Func<DescribedRpm, XElement> describe)
    {
        using var document = new MemoryStream();
        using (var xml = XmlWriter.Create(document, settings))
        {
            xml.WriteStartElement("", root.LocalName, root.NamespaceName);
            xml.WriteAttributeString("xmlns", "rpm", null, rpm.NamespaceName);
            xml.WriteAttributeString("packages", $"{packages.Count}");
            // One at a time, because a package may have many thousands of files.
            foreach (var package in packages)
                describe(package).WriteTo(xml);
            xml.WriteEndElement();
        }
        using var compressed = new MemoryStream();
        using (var gzip = GZip.Compress(compressed))
            document.WriteTo(gzip);
        return new MetadataFile(type, compressed.ToArray(), Hex(compressed), Hex(document), document.Length);
    }

    static XElement Identified(XNamespace ns, DescribedRpm package) =>
        new(
            ns + "package",
            new XAttribute("pkgid", package.Sha256),
            new XAttribute("name", Text(package, RpmTag.Name)),
            new XAttribute("arch", Text(package, RpmTag.Architecture)),
            Version(ns, package)
        );

    static XElement Version(XNamespace ns, DescribedRpm package) =>
        new(
            ns + "version",
            new XAttribute("epoch", package.File.Header.Number(RpmTag.Epoch) ?? 0),
            new XAttribute("ver", Text(package, RpmTag.Version)),
            new XAttribute("rel", Text(package, RpmTag.Release))
        );

    static XElement FileList(DescribedRpm package)
    {
        var element = Identified(lists, package);
        element.Add(Files(lists, RpmContent.Files(package.File.Header)));
        return element;
    }

    static XElement Primary(DescribedRpm package)
    {
        var header = package.File.Header;
        return new XElement(
            common + "package",
            new XAttribute("type", "rpm"),
            Element("name", RpmTag.Name),
            Element("arch", RpmTag.Architecture),
            Version(common, package),
            new XElement(common + "checksum", new XAttribute("type", "sha256"), new XAttribute("pkgid", "YES"), package.Sha256),
            Element("summary", RpmTag.Summary),
            Element("description", RpmTag.Description),
            Element("packager", RpmTag.Packager),
            Element("url", RpmTag.Url),
            new XElement(
                common + "time",
                new XAttribute("file", package.Time.ToUnixTimeSeconds()),
                new XAttribute("build", header.Number(RpmTag.BuildTime) ?? 0)
            ),
            new XElement(
                common + "size",
                new XAttribute("package", package.Size),
                new XAttribute("installed", header.Number(RpmTag.LongSize) ?? header.Number(RpmTag.Size) ?? 0),
                new XAttribute("archive", package.File.Signature.Number(RpmTag.PayloadSize) ?? 0)
            ),
            new XElement(common + "location", new XAttribute("href", package.Location)),
            new XElement(
                common + "format",
                OfRpm("license", RpmTag.License),
                OfRpm("vendor", RpmTag.Vendor),
                OfRpm("group", RpmTag.Group),
                OfRpm("buildhost", RpmTag.BuildHost),
                OfRpm("sourcerpm", RpmTag.SourceRpm),
                new XElement(
                    rpm + "header-range",
                    new XAttribute("start", package.File.HeaderStart),
                    new XAttribute("end", package.File.HeaderEnd)
                ),
                RpmRelation.Kinds.Select(kind => Relations(kind.Element, kind.Read(header))),
                Files(common, RpmContent.Files(header).Where(file => file.IsPrimary))
            )
        );

        XElement Element(string name, int tag) => new(common + name, Text(package, tag));

        XElement OfRpm(string name, int tag) => new(rpm + name, Text(package, tag));
    }

    static XElement? Relations(string element, IReadOnlyList<RpmRelation> relations) =>
        relations.Count == 0 ? null : new XElement(rpm + element, relations.Select(Relation));

    static XElement Relation(RpmRelation relation)
    {
        var entry = new XElement(rpm + "entry", new XAttribute("name", Clean(relation.Name)));
        if (relation.Comparison is { } comparison)
            entry.Add(
                new XAttribute("flags", comparison),
                new XAttribute("epoch", Clean(relation.Epoch)),
                new XAttribute("ver", Clean(relation.Version)),
                relation.Release is { } release ? new XAttribute("rel", Clean(release)) : null
            );
        if (relation.IsBeforeInstallation)
            entry.Add(new XAttribute("pre", "1"));
        return entry;
    }

    static IEnumerable<XElement> Files(XNamespace ns, IEnumerable<RpmContent> files) =>
        files.Select(file => new XElement(ns + "file", file.Type is { } type ? new XAttribute("type", type) : null, Clean(file.Path)));

    static string Text(DescribedRpm package, int tag) => Clean(package.File.Header.Text(tag) ?? "");

    // XML cannot express most control characters, not even escaped.
    static string Clean(string text) =>
        text.All(XmlConvert.IsXmlChar)
            ? text
            : string.Concat(text.EnumerateRunes().Where(rune => !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value)));

    static string Hex(MemoryStream content) =>
        Convert.ToHexStringLower(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
}
