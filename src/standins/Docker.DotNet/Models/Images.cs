namespace Docker.DotNet.Models;

public class ImagesListParameters
{
    public bool? All { get; set; }

    /// <summary>As <c>{"label": {"name=value": true}}</c>.</summary>
    public IDictionary<string, IDictionary<string, bool>> Filters { get; set; }

    public bool? Digests { get; set; }
}

public class ImagesListResponse
{
    public long Containers { get; set; }

    public DateTime Created { get; set; }

    public string ID { get; set; }

    public IDictionary<string, string> Labels { get; set; }

    public string ParentID { get; set; }

    public IList<string> RepoDigests { get; set; }

    public IList<string> RepoTags { get; set; }

    public long SharedSize { get; set; }

    public long Size { get; set; }

    public long VirtualSize { get; set; }
}

public class ImageInspectResponse
{
    public string ID { get; set; }

    public IList<string> RepoTags { get; set; }

    public IList<string> RepoDigests { get; set; }

    public string Parent { get; set; }

    public string Comment { get; set; }

    public DateTime Created { get; set; }

    public string Container { get; set; }

    public Config ContainerConfig { get; set; }

    public string DockerVersion { get; set; }

    public string Author { get; set; }

    public Config Config { get; set; }

    public string Architecture { get; set; }

    public string Variant { get; set; }

    public string Os { get; set; }

    public string OsVersion { get; set; }

    public long Size { get; set; }

    public long VirtualSize { get; set; }

    public RootFS RootFS { get; set; }
}

public class RootFS
{
    public string Type { get; set; }

    public IList<string> Layers { get; set; }

    public string BaseLayer { get; set; }
}

public class ImageTagParameters
{
    public string RepositoryName { get; set; }

    public string Tag { get; set; }

    public bool? Force { get; set; }
}

public class ImageDeleteParameters
{
    public bool? Force { get; set; }

    public bool? NoPrune { get; set; }
}
