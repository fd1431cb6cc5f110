namespace GitLabApiClient.Models.Releases.Responses;

public sealed class Asset
{
    public int Count { get; set; }

    public Source[] Sources { get; set; }

    public Link[] Links { get; set; }
}

public sealed class Source
{
    public string Format { get; set; }

    public string Url { get; set; }
}

public sealed class Link
{
    public int Id { get; set; }

    public string Name { get; set; }

    public string Url { get; set; }

    public bool External { get; set; }
}
