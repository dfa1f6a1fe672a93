using System.Text;

namespace PackRelay.CatalogService.Lists;

/// <summary>
/// A statement that is put together from the constants of one operation, by which filters a request has. Every hole of an interpolated part
/// becomes a parameter, never text. One statement for all filters (<c>$1 IS NULL OR ...</c>) would hide the indexes from the planner.
/// </summary>
internal sealed class SqlText
{
    private readonly StringBuilder text = new();

    private readonly List<object?> parameters = [];

    public object?[] Parameters => [.. parameters];

    /// <summary>Whether the best plan depends on the parameters' values, so that no plan may serve them all.</summary>
    public bool IsPlannedForValues { get; private set; }

    /// <summary>Says so.</summary>
    public SqlText PlanForValues()
    {
        IsPlannedForValues = true;
        return this;
    }

    /// <summary>Adds text whose holes are parameters.</summary>
    public SqlText Add(FormattableString part)
    {
        var places = new object[part.ArgumentCount];
        for (var i = 0; i < places.Length; i++)
        {
            parameters.Add(part.GetArgument(i));
            places[i] = $"${parameters.Count}";
        }

        text.AppendFormat(System.Globalization.CultureInfo.InvariantCulture, part.Format, places).Append('\n');
        return this;
    }

    /// <summary>Adds text of ours as it is.</summary>
    public SqlText AddConstant(string part)
    {
        text.Append(part).Append('\n');
        return this;
    }

    public override string ToString() => text.ToString();
}
