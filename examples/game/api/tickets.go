package main

import "net/http"

func (a *api) createTicket(w http.ResponseWriter, r *http.Request, player int64) error {
	var asked struct {
		Character whole  `json:"character"`
		Instance  string `json:"instance"`
	}
	if err := read(w, r, &asked); err != nil {
		return err
	}
	owned, err := a.owned(r.Context(), player, int64(asked.Character))
	if err != nil {
		return err
	}
	zones, err := a.directory(r.Context())
	if err != nil {
		return err
	}
	if err := admits(zones, asked.Instance); err != nil {
		return err
	}
	point, err := a.lastSave(r.Context(), owned.ID)
	if err != nil {
		return err
	}
	text, err := sign(ticket{
		Character: owned.ID, Name: owned.Name, Instance: asked.Instance,
		Seq: int64(point.Seq), X: point.X, Y: point.Y, Score: int64(point.Score),
		RegisteredClaims: lasting(ticketLife),
	}, a.config.ticketKey)
	if err != nil {
		return err
	}
	return reply(w, map[string]string{"ticket": text})
}

// admits says why nobody can enter an instance now.
func admits(zones map[string]report, instance string) error {
	entry, known := zones[instance]
	switch {
	case !known:
		return notFound("no such zone server")
	case !entry.Ready || entry.Draining:
		return conflict("this zone server takes nobody now")
	case entry.Players >= entry.Max:
		return conflict("this zone server is full")
	}
	return nil
}
