namespace FastTrigger.Patterns;

/// <content>`$or` about an object that the pattern also names beside it.</content>
internal sealed partial class ObjectNode
{
    /// <summary>
    /// Gives each alternative what stands beside it about the same objects, because one element of an array must match all of that. It
    /// stays where it was, too, unless it also holds where nothing is: there it would be asked of all elements.
    /// </summary>
    public void JoinAlternatives()
    {
        for (var i = 0; i < _alternatives.Length; i++)
        {
            for (var j = _alternatives.Length - 1; j > i; j--)
            {
                if (HaveOneObject(_alternatives[i], _alternatives[j]))
                {
                    _alternatives[i] = Combine(_alternatives[i], _alternatives[j]);
                    _alternatives = [.. _alternatives[..j], .. _alternatives[(j + 1)..]];
                }
            }
        }

        var beside = Fields.ToArray();
        foreach (var field in beside)
        {
            foreach (var alternatives in _alternatives)
            {
                if (field.Node is ObjectNode inner && HaveObject(alternatives, field.Name))
                {
                    Give(field, inner, alternatives);
                }
            }
        }

        foreach (ref readonly var field in Fields)
        {
            (field.Node as ObjectNode)?.JoinAlternatives();
        }

        foreach (var alternatives in _alternatives)
        {
            foreach (var alternative in alternatives)
            {
                alternative.JoinAlternatives();
            }
        }
    }

    private void Give(in PatternField field, ObjectNode inner, ObjectNode[] alternatives)
    {
        var isWithAll = true;
        foreach (var alternative in alternatives)
        {
            isWithAll &= alternative.Take(field, inner);
        }

        if (isWithAll && inner.HoldsWhenAbsent)
        {
            Remove(field.Name);
        }
    }

    /// <summary>Adds an object, or what it has to that of the same name; false where values have this name.</summary>
    private bool Take(in PatternField field, ObjectNode inner)
    {
        switch (Find(field.Name))
        {
            case null:
                Add(new(field.Key, inner.CopyInto(this), field.Offset), _count + 1);
                return true;
            case ObjectNode known:
                known.Merge(inner);
                return true;
            default:
                return false;
        }
    }

    private void Merge(ObjectNode other)
    {
        foreach (ref readonly var field in other.Fields)
        {
            if (field.Node is ObjectNode inner)
            {
                Take(field, inner);
            }
            else if (Find(field.Name) is null)
            {
                Add(field, _count + 1);
            }
        }

        foreach (var alternatives in other._alternatives)
        {
            AddAlternatives(Array.ConvertAll(alternatives, alternative => alternative.CopyInto(this)));
        }
    }

    private ObjectNode CopyInto(ObjectNode around)
    {
        var copy = new ObjectNode(around, name) { Offset = Offset };
        copy.Merge(this);
        return copy;
    }

    private void Remove(string field)
    {
        var kept = Array.FindAll(Fields.ToArray(), one => one.Name != field);
        (_fields, _count, _more) = ([], 0, null);
        foreach (var one in kept)
        {
            Add(one, kept.Length);
        }
    }

    /// <summary>One `$or` for two: each alternative of the one with each of the other.</summary>
    private ObjectNode[] Combine(ObjectNode[] some, ObjectNode[] others)
    {
        var all = new List<ObjectNode>(some.Length * others.Length);
        foreach (var one in some)
        {
            foreach (var other in others)
            {
                var both = one.CopyInto(this);
                both.Merge(other);
                all.Add(both);
            }
        }

        return [.. all];
    }

    private static bool HaveOneObject(ObjectNode[] some, ObjectNode[] others) =>
        Array.Exists(some, one => one.NamesObjectOf(others));

    private bool NamesObjectOf(ObjectNode[] others)
    {
        foreach (ref readonly var field in Fields)
        {
            if (field.Node is ObjectNode && HaveObject(others, field.Name))
            {
                return true;
            }
        }

        return Array.Exists(_alternatives, alternatives => HaveOneObject(alternatives, others));
    }

    /// <summary>Whether an alternative, or one inside of it, has an object of this name.</summary>
    private static bool HaveObject(ObjectNode[] alternatives, string name) => Array.Exists(
        alternatives,
        alternative => alternative.Find(name) is ObjectNode
            || Array.Exists(alternative._alternatives, inside => HaveObject(inside, name)));
}
